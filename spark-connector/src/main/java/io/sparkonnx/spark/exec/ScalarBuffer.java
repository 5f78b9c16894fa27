package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.InputSlot;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/** A row's elements from as many columns of any types. */
final class ScalarBuffer extends InputBuffer {
  private final int width;
  private final int[] rowDims;
  private final ElementStore store;
  private final ElementStore.Writer[] writers;

  ScalarBuffer(InputSlot slot, List<DataType> types) {
    super(slot);
    this.width = types.size();
    this.rowDims =
        slot.rowDims().stream().mapToInt(dim -> dim == InputSlot.OPEN ? width : dim).toArray();
    this.store = ElementStore.of(slot.element());
    this.writers = types.stream().map(store::writer).toArray(ElementStore.Writer[]::new);
  }

  @Override
  void reserve(int rows) {
    store.reserve(Math.multiplyExact(rows, width));
  }

  @Override
  void put(SpecializedGetters from, int ordinal, int argument, int row) {
    writers[argument].put(from, ordinal, row * width + argument);
  }

  @Override
  void putColumn(ColumnVector column, int argument, int rows) {
    writers[argument].putAll(new ColumnarArray(column, 0, rows), rows, argument, width);
  }

  @Override
  int sameShapeUntil(int from, int rows) {
    return rows;
  }

  @Override
  Tensor tensor(int from, int to) {
    return store.tensor(from * width, withRows(to - from, rowDims));
  }

  @Override
  int elementsPerRow() {
    return width;
  }
}
