package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.ArgumentForm;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.exec.ElementStore.UnfitValueException;
import java.util.List;
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
   */
  static InputBuffer of(InputSlot slot, List<DataType> types) {
    return switch (ArgumentForm.of(types.get(0))) {
      case VALUE -> new ScalarBuffer(slot, types);
      case ARRAY -> new ArrayBuffer(slot, types.get(0));
      case VECTOR -> new VectorBuffer(slot);
      case BYTES -> new BytesBuffer(slot);
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

  /** Takes the values of the rows 0 to before {@code rows} of whole columns. */
  final void putColumns(ColumnVector[] columns, int[] ordinals, int rows) {
    for (int argument = 0; argument < ordinals.length; argument++) {
      ColumnVector column = columns[ordinals[argument]];
      if (column.hasNull() && hasNull(column, rows)) {
        putOneByOne(column, argument, rows);
        continue;
      }
      try {
        putColumn(column, argument, rows);
      } catch (UnfitValueException e) {
        putOneByOne(column, argument, rows);
        throw e;
      }
    }
  }

  private static boolean hasNull(ColumnVector column, int rows) {
    for (int row = 0; row < rows; row++) {
      if (column.isNullAt(row)) {
        return true;
      }
    }
    return false;
  }

  /** Takes a column's values one after the other, so that a bad one's row is known. */
  private void putOneByOne(ColumnVector column, int argument, int rows) {
    ColumnarArray values = new ColumnarArray(column, 0, rows);
    for (int row = 0; row < rows; row++) {
      putOrRefuse(values, row, argument, row);
    }
  }

  /** Takes a column of which no row is null. */
  abstract void putColumn(ColumnVector column, int argument, int rows);

  /** First row after {@code from} whose shape differs, or {@code rows}. */
  abstract int sameShapeUntil(int from, int rows);

  /** The rows from {@code from} to before {@code to}, which have one shape. */
  abstract Tensor tensor(int from, int to);

  /** Elements that the buffer takes for a row, as far as is known. */
  abstract int elementsPerRow();

  static int[] withRows(int rows, int[] rowDims) {
    int[] dims = new int[rowDims.length + 1];
    dims[0] = rows;
    System.arraycopy(rowDims, 0, dims, 1, rowDims.length);
    return dims;
  }
}
