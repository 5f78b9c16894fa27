package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.bind.InputSlot;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/**
 * A row's elements from a vector of Spark ML, as it is stored: a struct of the kind, the size of a
 * sparse vector, its indices, and values.
 */
final class VectorBuffer extends ShapedBuffer {
  private static final int FIELDS = 4;
  private static final int KIND = 0;
  private static final int SIZE = 1;
  private static final int INDICES = 2;
  private static final int VALUES = 3;
  private static final byte SPARSE = 0;

  private final ElementStore.Writer writer;
  private final UnsafeRow struct = new UnsafeRow(FIELDS);
  private final RowCursor rowIndices = new RowCursor(1);
  private final RowCursor rowValues = new RowCursor(1);

  VectorBuffer(InputSlot slot, LongConsumer growth) {
    super(slot, growth);
    this.writer = store.writer(DataTypes.DoubleType);
  }

  @Override
  void put(SpecializedGetters from, int ordinal, int argument, int row) {
    SpecializedGetters vector = vector(from, ordinal);
    ArrayCursor values = rowValues.row(vector, VALUES);
    if (vector.getByte(KIND) == SPARSE) {
      putSparse(vector.getInt(SIZE), rowIndices.row(vector, INDICES), values, row);
    } else {
      putDense(values, row);
    }
  }

  private SpecializedGetters vector(SpecializedGetters from, int ordinal) {
    if (from instanceof UnsafeRow row) {
      long place = row.getLong(ordinal);
      struct.pointTo(row.getBaseObject(), row.getBaseOffset() + (place >>> 32), (int) place);
      return struct;
    }
    return from.getStruct(ordinal, FIELDS);
  }

  @Override
  void putColumn(ColumnVector column, int argument, int first, int rows) {
    ColumnCursor indices = ColumnCursor.of(column.getChild(INDICES), 1);
    ColumnCursor values = ColumnCursor.of(column.getChild(VALUES), 1);
    if (indices == null || values == null) {
      ColumnarArray vectors = new ColumnarArray(column, first, rows);
      for (int row = 0; row < rows; row++) {
        putOrRefuse(vectors, row, argument, row);
      }
      return;
    }
    ColumnVector kinds = column.getChild(KIND);
    ColumnVector sizes = column.getChild(SIZE);
    for (int row = 0; row < rows; row++) {
      int from = first + row;
      if (kinds.getByte(from) == SPARSE) {
        putSparse(sizes.getInt(from), indices.row(from), values.row(from), row);
      } else {
        putDense(values.row(from), row);
      }
    }
  }

  private void putDense(ArrayCursor values, int row) {
    int size = values.size(0);
    place(size, row);
    writer.putAll(values.values(), values.start(), size, shapes.start(row), 1);
  }

  private void putSparse(int size, ArrayCursor indices, ArrayCursor values, int row) {
    place(size, row);
    int first = shapes.start(row);
    store.clear(first, size);
    SpecializedGetters at = indices.values().getters();
    SpecializedGetters from = values.values().getters();
    for (int i = 0; i < values.size(0); i++) {
      int index = at.getInt(indices.start() + i);
      if (index < 0 || index >= size) {
        throw new BadValueException("has the index " + index + " in a vector of " + size, 0, row);
      }
      writer.put(from, values.start() + i, first + index);
    }
  }

  private void place(int size, int row) {
    if (shapes.isOpen()) {
      shapes.place(row, new int[] {size}, store);
    } else if (size != slot.rowSize()) {
      throw new BadValueException(
          "has " + size + " elements where a row takes " + slot.rowSize(), 0, row);
    }
  }
}
