package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.ArgumentForm;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.exec.ElementStore.UnfitValueException;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/** The values of one model input for the rows of a batch. */
abstract class InputBuffer {
  final InputSlot slot;

  InputBuffer(InputSlot slot) {
    this.slot = slot;
  }

  /**
   * A buffer for a slot.
   *
   * @param types of the slot's arguments
   * @param growth told of the bytes by which the buffer is about to grow beyond what {@link
   *     #reserve} took
   */
  static InputBuffer of(InputSlot slot, List<DataType> types, LongConsumer growth) {
    return switch (ArgumentForm.of(types.get(0))) {
      case VALUE -> new ScalarBuffer(slot, types, growth);
      case ARRAY -> new ArrayBuffer(slot, types.get(0), growth);
      case VECTOR -> new VectorBuffer(slot, growth);
      case BYTES -> new BytesBuffer(slot, growth);
    };
  }

  /** Makes room for this many rows. */
  abstract void reserve(int rows);

  /**
   * Takes one row's values.
   *
   * @param from a row that holds the arguments at {@code ordinals}
   * @throws BadValueException for NULL, a value out of range, or an array of the wrong size
   */
  void putRow(SpecializedGetters from, int[] ordinals, int row) {
    for (int argument = 0; argument < ordinals.length; argument++) {
      putOrRefuse(from, ordinals[argument], argument, row);
    }
  }

  final void putOrRefuse(SpecializedGetters from, int ordinal, int argument, int row) {
    if (from.isNullAt(ordinal)) {
      putNull(argument, row);
      return;
    }
    try {
      put(from, ordinal, argument, row);
    } catch (UnfitValueException e) {
      throw new BadValueException(e.getMessage(), argument, row);
    }
  }

  /** Takes one argument's value, which is not null. */
  abstract void put(SpecializedGetters from, int ordinal, int argument, int row);

  /** Takes NULL for an argument. */
  void putNull(int argument, int row) {
    throw new BadValueException("is NULL", argument, row);
  }

  /** Takes the values of {@code rows} rows of columns, from row {@code first} of these on. */
  final void putColumns(ColumnVector[] columns, int[] ordinals, int first, int rows) {
    for (int argument = 0; argument < ordinals.length; argument++) {
      ColumnVector column = columns[ordinals[argument]];
      if (column.hasNull() && hasNull(column, first, rows)) {
        putOneByOne(column, argument, first, rows);
        continue;
      }
      try {
        putColumn(column, argument, first, rows);
      } catch (UnfitValueException e) {
        putOneByOne(column, argument, first, rows);
        throw e;
      }
    }
  }

  private static boolean hasNull(ColumnVector column, int first, int rows) {
    for (int row = 0; row < rows; row++) {
      if (column.isNullAt(first + row)) {
        return true;
      }
    }
    return false;
  }

  /** Takes a column's values one after the other, so that a bad one's row is known. */
  private void putOneByOne(ColumnVector column, int argument, int first, int rows) {
    ColumnarArray values = new ColumnarArray(column, first, rows);
    for (int row = 0; row < rows; row++) {
      putOrRefuse(values, row, argument, row);
    }
  }

  /** Takes {@code rows} rows of a column from {@code first} on, none of which is null. */
  abstract void putColumn(ColumnVector column, int argument, int first, int rows);

  /** Whether rows may differ in shape. */
  boolean isOpen() {
    return false;
  }

  /** A number that rows of one shape share. */
  int shape(int row) {
    return 0;
  }

  /** The dimensions of a row. */
  abstract int[] dims(int row);

  /** Where the store has a row's first element. */
  abstract int start(int row);

  abstract ElementStore store();

  /** Length of a row's sequence, for a slot that has one. */
  final int length(int row) {
    return dims(row)[slot.sequenceAxis()];
  }

  /** Elements at one place of a row's sequence, for a slot that has one. */
  final int elementsAtPlace(int row) {
    int[] dims = dims(row);
    int axis = slot.sequenceAxis();
    return product(dims, 0, axis) * product(dims, axis + 1, dims.length);
  }

  /** Elements that each row of a run has, padding included. */
  final long elements(RowRun run) {
    int[] dims = dims(run.row(0));
    return run.isPadded() && slot.isSequence()
        ? (long) run.length() * elementsAtPlace(run.row(0))
        : product(dims, 0, dims.length);
  }

  /** The rows from {@code from} to before {@code to}, which have one shape. */
  abstract Tensor tensor(int from, int to);

  /** Bytes that the first rows take in the buffer, each of which was copied there once. */
  long bytes(int rows) {
    return store().bytes(start(rows));
  }

  /** Bytes that were copied once more for tensors, so far. */
  long movedBytes() {
    return store().movedBytes();
  }

  /** A copy of a run's rows, zeros behind sequences that are padded. */
  Tensor picked(RowRun run) {
    int axis = run.isPadded() ? slot.sequenceAxis() : InputSlot.NONE;
    int[] dims = dims(run.row(0)).clone();
    if (axis != InputSlot.NONE) {
      dims[axis] = run.length();
    }
    int before = product(dims, 0, Math.max(0, axis));
    int after = product(dims, axis + 1, dims.length);
    int stride = axis == InputSlot.NONE ? after : run.length() * after;
    int[] firsts = new int[run.rows() * before];
    int[] lengths = new int[firsts.length];
    for (int i = 0; i < run.rows(); i++) {
      int row = run.row(i);
      int length = axis == InputSlot.NONE ? after : length(row) * after;
      for (int j = 0; j < before; j++) {
        firsts[i * before + j] = start(row) + j * length;
        lengths[i * before + j] = length;
      }
    }
    return store().pieces(firsts, lengths, stride, withRows(run.rows(), dims));
  }

  private static int product(int[] dims, int from, int to) {
    int product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= dims[axis];
    }
    return product;
  }

  /** Elements that the buffer takes for a row: the most that was seen where rows may differ. */
  abstract int elementsPerRow();

  /** Elements that {@link #reserve} makes room for with each row; none where rows may differ. */
  int reservedPerRow() {
    return elementsPerRow();
  }

  static int[] withRows(int rows, int[] rowDims) {
    int[] dims = new int[rowDims.length + 1];
    dims[0] = rows;
    System.arraycopy(rowDims, 0, dims, 1, rowDims.length);
    return dims;
  }
}
