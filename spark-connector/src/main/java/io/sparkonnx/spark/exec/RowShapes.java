package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.InputSlot;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/** The shape and place of each row in a store; rows may differ where the model leaves it open. */
final class RowShapes {
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private final int[] fixed;
  private final int size;
  private final int elementBytes;
  private final LongConsumer growth;
  private int capacity;
  private int most = 1;
  private int[] starts = {0};
  private int[][] shapes = {};
  private int[] numbers = {};
  private final Map<IntBuffer, Integer> distinct = new HashMap<>();

  /**
   * @param growth told of the bytes by which the store is about to grow for rows of open shapes
   */
  RowShapes(InputSlot slot, LongConsumer growth) {
    this.growth = growth;
    this.elementBytes = slot.element().storage().bytes();
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

  /** The dimensions of a row. */
  int[] dims(int row) {
    return isOpen() ? shapes[row] : fixed;
  }

  /** A number that rows of one shape share. */
  int shape(int row) {
    return isOpen() ? numbers[row] : 0;
  }

  /** Makes room for rows, and for their elements where these are known. */
  void reserve(int rows, ElementStore store) {
    store.begin();
    distinct.clear();
    if (!isOpen()) {
      store.reserve(Math.multiplyExact(rows, size));
    } else if (rows > shapes.length) {
      int grown = ElementStore.grown(shapes.length, rows);
      starts = Arrays.copyOf(starts, grown + 1);
      shapes = Arrays.copyOf(shapes, grown);
      numbers = Arrays.copyOf(numbers, grown);
    }
  }

  /** Index of a row's first element; the rows before have been placed. */
  int start(int row) {
    return isOpen() ? starts[row] : row * size;
  }

  /** Places a row of an open shape behind the one before and makes room for its elements. */
  void place(int row, int[] dims, ElementStore store) {
    boolean same = row > 0 && Arrays.equals(shapes[row - 1], dims);
    shapes[row] = same ? shapes[row - 1] : dims;
    numbers[row] = same ? numbers[row - 1] : number(dims);
    int elements = Tensor.sizeOf(dims);
    long end = (long) starts[row] + elements;
    if (end > MAX_ELEMENTS) {
      throw new OnnxException(
          OnnxException.Code.LIMIT_EXCEEDED,
          "the rows of a batch have more than "
              + MAX_ELEMENTS
              + " elements; take a smaller batch_size");
    }
    most = Math.max(most, elements);
    starts[row + 1] = (int) end;
    if (end > capacity) {
      int grown = ElementStore.grown(capacity, (int) end);
      growth.accept((long) (grown - capacity) * elementBytes);
      store.reserve(grown);
      capacity = grown;
    }
  }

  private int number(int[] dims) {
    Integer known = distinct.putIfAbsent(IntBuffer.wrap(dims), distinct.size());
    return known == null ? distinct.size() - 1 : known;
  }

  /** The rows from {@code from} to before {@code to}, which have one shape. */
  Tensor tensor(int from, int to, ElementStore store) {
    return store.tensor(start(from), InputBuffer.withRows(to - from, dims(from)));
  }

  /** Elements of a row; of an open shape the most that any row had. */
  int elementsPerRow() {
    return isOpen() ? most : size;
  }
}
