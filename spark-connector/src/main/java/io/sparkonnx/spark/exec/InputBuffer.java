package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.exec.ElementStore.UnfitValueException;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.ArrayType;
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
    return types.get(0) instanceof ArrayType array
        ? new ArrayBuffer(slot, array)
        : new ScalarBuffer(slot, types);
  }

  /** Makes room for this many rows. */
  abstract void reserve(int rows);

  /**
   * Takes one row's values.
   *
   * @param from a row that holds the arguments at {@code ordinals}
   * @throws BadValueException for NULL, a value out of range, or an array of the wrong size
   */
  final void putRow(SpecializedGetters from, int[] ordinals, int row) {
    int argument = 0;
    try {
      for (; argument < ordinals.length; argument++) {
        if (from.isNullAt(ordinals[argument])) {
          throw new BadValueException("is NULL", argument, row);
        }
        put(from, ordinals[argument], argument, row);
      }
    } catch (UnfitValueException e) {
      throw new BadValueException(e.getMessage(), argument, row);
    }
  }

  /** Takes one argument's value, which is not null. */
  abstract void put(SpecializedGetters from, int ordinal, int argument, int row);

  /** Takes the values of the rows 0 to before {@code rows} of whole columns. */
  final void putColumns(ColumnVector[] columns, int[] ordinals, int rows) {
    for (int argument = 0; argument < ordinals.length; argument++) {
      ColumnVector column = columns[ordinals[argument]];
      if (column.hasNull()) {
        refuseNulls(column, argument, rows);
      }
      try {
        putColumn(column, argument, rows);
      } catch (UnfitValueException e) {
        throw unfitRow(column, argument, rows, e);
      }
    }
  }

  /** Looks again, row by row, for the value that did not fit. */
  private BadValueException unfitRow(
      ColumnVector column, int argument, int rows, UnfitValueException failure) {
    ColumnarArray values = new ColumnarArray(column, 0, rows);
    for (int row = 0; row < rows; row++) {
      try {
        put(values, row, argument, row);
      } catch (UnfitValueException e) {
        return new BadValueException(e.getMessage(), argument, row);
      }
    }
    throw failure;
  }

  private static void refuseNulls(ColumnVector column, int argument, int rows) {
    for (int row = 0; row < rows; row++) {
      if (column.isNullAt(row)) {
        throw new BadValueException("is NULL", argument, row);
      }
    }
  }

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
