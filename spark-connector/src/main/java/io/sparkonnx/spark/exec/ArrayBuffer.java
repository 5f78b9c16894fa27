package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.InputSlot;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * A row's elements from one array, nested as the row's shape is or flat. Where the model leaves a
 * dimension open, rows may differ in it.
 */
final class ArrayBuffer extends InputBuffer {
  private final int depth;
  private final boolean open;
  private final boolean[] mayHoldNull;
  private final int[] rowDims;
  private final ElementStore store;
  private final ElementStore.Writer writer;

  /** For open shapes: where each row starts, and its dimensions. */
  private int[] starts = {0};

  private int[][] shapes = {};

  ArrayBuffer(InputSlot slot, ArrayType type) {
    super(slot);
    this.rowDims = slot.rowDims().stream().mapToInt(Integer::intValue).toArray();
    this.open = slot.rowSize() == InputSlot.OPEN;
    boolean[] nullable = new boolean[rowDims.length + 1];
    int levels = 0;
    DataType inner = type;
    for (; inner instanceof ArrayType array; inner = array.elementType()) {
      nullable[levels++] = array.containsNull();
    }
    this.depth = levels;
    this.mayHoldNull = nullable;
    this.store = ElementStore.of(slot.element());
    this.writer = store.writer(inner);
  }

  @Override
  void reserve(int rows) {
    if (!open) {
      store.reserve(Math.multiplyExact(rows, slot.rowSize()));
    } else if (rows > shapes.length) {
      int capacity = ElementStore.grown(shapes.length, rows);
      starts = Arrays.copyOf(starts, capacity + 1);
      shapes = Arrays.copyOf(shapes, capacity);
    }
  }

  @Override
  void put(SpecializedGetters from, int ordinal, int argument, int row) {
    putArray(from.getArray(ordinal), row);
  }

  @Override
  void putColumn(ColumnVector column, int argument, int rows) {
    for (int row = 0; row < rows; row++) {
      putArray(column.getArray(row), row);
    }
  }

  private void putArray(ArrayData array, int row) {
    if (depth == 1 && !open) {
      if (array.numElements() != slot.rowSize()) {
        throw wrongSize(array, "a row takes " + slot.rowSize(), row);
      }
      copy(array, 0, row * slot.rowSize(), row);
      return;
    }
    int[] dims = open ? measured(array, row) : rowDims;
    int first = open ? starts[row] : row * slot.rowSize();
    if (open) {
      shapes[row] = row > 0 && Arrays.equals(shapes[row - 1], dims) ? shapes[row - 1] : dims;
      starts[row + 1] = Math.addExact(first, Tensor.sizeOf(dims));
      store.reserve(starts[row + 1]);
    }
    fill(array, 0, dims, first, row);
  }

  /** The model's dimensions, open ones as the first elements of the array have them. */
  private int[] measured(ArrayData array, int row) {
    int[] dims = rowDims.clone();
    ArrayData level = array;
    for (int axis = 0; axis < dims.length; axis++) {
      int size = level == null ? 0 : level.numElements();
      if (dims[axis] == InputSlot.OPEN) {
        dims[axis] = size;
      }
      if (axis + 1 < dims.length) {
        if (size > 0 && level.isNullAt(0)) {
          throw new BadValueException("holds NULL", 0, row);
        }
        level = size == 0 ? null : level.getArray(0);
      }
    }
    return dims;
  }

  private void fill(ArrayData array, int level, int[] dims, int first, int row) {
    if (array.numElements() != dims[level]) {
      throw wrongSize(array, "dimension " + level + " of a row takes " + dims[level], row);
    }
    if (level == depth - 1) {
      copy(array, level, first, row);
      return;
    }
    int stride = 1;
    for (int axis = level + 1; axis < dims.length; axis++) {
      stride *= dims[axis];
    }
    for (int i = 0; i < dims[level]; i++) {
      if (array.isNullAt(i)) {
        throw new BadValueException("holds NULL", 0, row);
      }
      fill(array.getArray(i), level + 1, dims, first + i * stride, row);
    }
  }

  private void copy(ArrayData array, int level, int first, int row) {
    int count = array.numElements();
    if (mayHoldNull[level]) {
      for (int i = 0; i < count; i++) {
        if (array.isNullAt(i)) {
          throw new BadValueException("holds NULL at index " + i, 0, row);
        }
      }
    }
    writer.putAll(array, count, first, 1);
  }

  private static BadValueException wrongSize(ArrayData array, String expected, int row) {
    return new BadValueException(
        "has " + array.numElements() + " elements where " + expected, 0, row);
  }

  @Override
  int sameShapeUntil(int from, int rows) {
    if (!open) {
      return rows;
    }
    int row = from + 1;
    while (row < rows && shapes[row] == shapes[from]) {
      row++;
    }
    return row;
  }

  @Override
  Tensor tensor(int from, int to) {
    return open
        ? store.tensor(starts[from], withRows(to - from, shapes[from]))
        : store.tensor(from * slot.rowSize(), withRows(to - from, rowDims));
  }

  @Override
  int elementsPerRow() {
    return open ? Math.max(1, starts.length > 1 ? starts[1] : 1) : slot.rowSize();
  }
}
