package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.bind.ArgumentForm;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.exec.ElementStore.UnfitValueException;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/**
 * A row's elements from one array, nested as the row's shape is or flat. Where the model leaves a
 * dimension open, rows may differ in it.
 */
final class ArrayBuffer extends ShapedBuffer {
  private final int depth;
  private final ElementStore.Writer writer;
  private final RowCursor rowCursor;

  ArrayBuffer(InputSlot slot, DataType type, LongConsumer growth) {
    super(slot, growth);
    int levels = 0;
    DataType inner = ArgumentForm.stored(type);
    for (; inner instanceof ArrayType array; inner = ArgumentForm.stored(array.elementType())) {
      levels++;
    }
    this.depth = levels;
    this.writer = store.writer(inner);
    this.rowCursor = new RowCursor(depth);
  }

  @Override
  void put(SpecializedGetters from, int ordinal, int argument, int row) {
    putArray(rowCursor.row(from, ordinal), row);
  }

  @Override
  void putColumn(ColumnVector column, int argument, int first, int rows) {
    ColumnCursor cursor = ColumnCursor.of(column, depth);
    if (cursor == null) {
      ColumnarArray values = new ColumnarArray(column, first, rows);
      for (int row = 0; row < rows; row++) {
        putArray(rowCursor.row(values, row), row);
      }
    } else if (!putDense(cursor, first, rows)) {
      for (int row = 0; row < rows; row++) {
        putArray(cursor.row(first + row), row);
      }
    }
  }

  /** Takes all rows at once where they lie as the tensor does. */
  private boolean putDense(ColumnCursor cursor, int first, int rows) {
    if (shapes.isOpen() || rows == 0 || !cursor.isDense(first, rows, slot.rowSize())) {
      return false;
    }
    try {
      int count = Math.multiplyExact(rows, slot.rowSize());
      writer.putAll(cursor.values(), cursor.row(first).start(), count, 0, 1);
      return true;
    } catch (UnfitValueException e) {
      return false;
    }
  }

  private void putArray(ArrayCursor array, int row) {
    if (depth == 1 && !shapes.isOpen()) {
      if (array.size(0) != slot.rowSize()) {
        throw wrongSize(array.size(0), "a row takes " + slot.rowSize(), row);
      }
      copy(array, shapes.start(row), row);
      return;
    }
    int[] dims = shapes.dims();
    if (shapes.isOpen()) {
      dims = measured(array, row);
      shapes.place(row, dims, store);
    }
    fill(array, 0, dims, shapes.start(row), row);
  }

  /** The model's dimensions, open ones as the first elements of the array have them. */
  private int[] measured(ArrayCursor array, int row) {
    int[] dims = shapes.dims().clone();
    boolean empty = false;
    for (int axis = 0; axis < dims.length; axis++) {
      int size = empty ? 0 : array.size(axis);
      empty = size == 0;
      if (dims[axis] == InputSlot.OPEN) {
        dims[axis] = size;
      }
      if (axis + 1 < dims.length && !empty && !array.enter(axis, 0)) {
        throw new BadValueException("holds NULL", 0, row);
      }
    }
    return dims;
  }

  private void fill(ArrayCursor array, int level, int[] dims, int first, int row) {
    if (array.size(level) != dims[level]) {
      String expected = "dimension " + level + " of a row takes " + dims[level];
      throw wrongSize(array.size(level), expected, row);
    }
    if (level == depth - 1) {
      copy(array, first, row);
      return;
    }
    int stride = 1;
    for (int axis = level + 1; axis < dims.length; axis++) {
      stride *= dims[axis];
    }
    for (int i = 0; i < dims[level]; i++) {
      if (!array.enter(level, i)) {
        throw new BadValueException("holds NULL", 0, row);
      }
      fill(array, level + 1, dims, first + i * stride, row);
    }
  }

  private void copy(ArrayCursor array, int first, int row) {
    int count = array.size(depth - 1);
    int firstNull = array.firstNull();
    if (firstNull < 0) {
      writer.putAll(array.values(), array.start(), count, first, 1);
    } else if (slot.nanForNull()) {
      copyWithNan(array, count, first);
    } else {
      throw new BadValueException("holds NULL at index " + firstNull, 0, row);
    }
  }

  private void copyWithNan(ArrayCursor array, int count, int first) {
    SpecializedGetters values = array.values().getters();
    for (int i = 0; i < count; i++) {
      if (values.isNullAt(array.start() + i)) {
        store.putNan(first + i);
      } else {
        writer.put(values, array.start() + i, first + i);
      }
    }
  }

  private static BadValueException wrongSize(int size, String expected, int row) {
    return new BadValueException("has " + size + " elements where " + expected, 0, row);
  }
}
