package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.ArgumentForm;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.exec.ElementStore.UnfitValueException;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** A row's elements from as many columns of any types, row by row. */
class ScalarBuffer extends InputBuffer {
  final int width;
  final ElementStore store;
  private final int[] rowDims;
  private final ElementStore.Writer[] writers;

  /** Where a type ends that as many neighbouring arguments have. */
  private final int[] runEnds;

  ScalarBuffer(InputSlot slot, List<DataType> arguments, LongConsumer growth) {
    super(slot);
    List<DataType> types = arguments.stream().map(ArgumentForm::stored).toList();
    this.width = types.size();
    this.rowDims =
        slot.rowDims().stream().mapToInt(dim -> dim == InputSlot.OPEN ? width : dim).toArray();
    this.store = ElementStore.of(slot.element(), growth);
    this.writers = types.stream().map(store::writer).toArray(ElementStore.Writer[]::new);
    this.runEnds =
        IntStream.rangeClosed(1, width)
            .filter(end -> end == width || !types.get(end).equals(types.get(end - 1)))
            .toArray();
  }

  /** Where the store has an argument's value of a row. */
  int index(int row, int argument) {
    return row * width + argument;
  }

  /** From an argument's value of a row to that of the next row. */
  int rowStride() {
    return width;
  }

  /** From a row's value of an argument to that of the next argument. */
  int argumentStride() {
    return 1;
  }

  @Override
  Tensor tensor(int from, int to) {
    return store.tensor(index(from, 0), withRows(to - from, rowDims));
  }

  @Override
  void reserve(int rows) {
    store.begin();
    store.reserve(Math.multiplyExact(rows, width));
  }

  @Override
  void putRow(SpecializedGetters from, int[] ordinals, int row) {
    if (!(from instanceof UnsafeRow unsafe) || unsafe.anyNull()) {
      super.putRow(from, ordinals, row);
      return;
    }
    int begin = 0;
    try {
      for (int end : runEnds) {
        int index = index(row, begin);
        writers[begin].putFields(from, ordinals, begin, end, index, argumentStride());
        begin = end;
      }
    } catch (UnfitValueException e) {
      super.putRow(from, ordinals, row);
      throw e;
    }
  }

  @Override
  void put(SpecializedGetters from, int ordinal, int argument, int row) {
    writers[argument].put(from, ordinal, index(row, argument));
  }

  @Override
  void putNull(int argument, int row) {
    if (!slot.nanForNull()) {
      super.putNull(argument, row);
    }
    store.putNan(index(row, argument));
  }

  @Override
  void putColumn(ColumnVector column, int argument, int first, int rows) {
    ElementSource values = ElementSource.of(column);
    writers[argument].putAll(values, first, rows, index(0, argument), rowStride());
  }

  @Override
  long bytes(int rows) {
    return store.bytes(rows * width);
  }

  @Override
  int[] dims(int row) {
    return rowDims;
  }

  @Override
  int start(int row) {
    return index(row, 0);
  }

  @Override
  ElementStore store() {
    return store;
  }

  @Override
  int elementsPerRow() {
    return width;
  }
}
