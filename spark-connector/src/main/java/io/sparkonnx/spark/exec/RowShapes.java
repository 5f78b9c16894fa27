package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.InputSlot;
import java.util.Arrays;

/** The shape and place of each row in a store; rows may differ where the model leaves it open. */
final class RowShapes {
  private final int[] fixed;
  private final int size;
  private int[] starts = {0};
  private int[][] shapes = {};

  RowShapes(InputSlot slot) {
    this.fixed = slot.rowDims().stream().mapToInt(Integer::intValue).toArray();
    this.size = slot.rowSize();
  }

  boolean isOpen() {
    return size == InputSlot.OPEN;
  }

  /** The model's dimensions, {@link InputSlot#OPEN} among them. */
  int[] dims() {
    return fixed;
  }

  /** Makes room for rows, and for their elements where these are known. */
  void reserve(int rows, ElementStore store) {
    if (!isOpen()) {
      store.reserve(Math.multiplyExact(rows, size));
    } else if (rows > shapes.length) {
      int capacity = ElementStore.grown(shapes.length, rows);
      starts = Arrays.copyOf(starts, capacity + 1);
      shapes = Arrays.copyOf(shapes, capacity);
    }
  }

  /** Index of a row's first element; the rows before have been placed. */
  int start(int row) {
    return isOpen() ? starts[row] : row * size;
  }

  /** Places a row of an open shape behind the one before and makes room for its elements. */
  void place(int row, int[] dims, ElementStore store) {
    shapes[row] = row > 0 && Arrays.equals(shapes[row - 1], dims) ? shapes[row - 1] : dims;
    starts[row + 1] = Math.addExact(starts[row], Tensor.sizeOf(dims));
    store.reserve(starts[row + 1]);
  }

  /** First row after {@code from} whose shape differs, or {@code rows}. */
  int sameUntil(int from, int rows) {
    if (!isOpen()) {
      return rows;
    }
    int row = from + 1;
    while (row < rows && shapes[row] == shapes[from]) {
      row++;
    }
    return row;
  }

  /** The rows from {@code from} to before {@code to}, which have one shape. */
  Tensor tensor(int from, int to, ElementStore store) {
    int[] dims = isOpen() ? shapes[from] : fixed;
    return store.tensor(start(from), InputBuffer.withRows(to - from, dims));
  }

  /** Elements of a row, as far as is known. */
  int elementsPerRow() {
    return isOpen() ? Math.max(1, starts.length > 1 ? starts[1] : 1) : size;
  }
}
