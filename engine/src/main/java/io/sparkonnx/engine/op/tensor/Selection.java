package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.Tensor;

/** Finds the first k of a lane of numbers in order. One for each run. */
final class Selection {
  private final long[] keys;
  private final int[] heap;
  private final boolean largest;

  /**
   * @param length elements of a lane
   * @param k how many to find
   * @param largest whether the order is descending
   */
  Selection(int length, int k, boolean largest) {
    this.keys = new long[length];
    this.heap = new int[k];
    this.largest = largest;
  }

  /** The place in the lane of the i-th element found. */
  int place(int i) {
    return heap[i];
  }

  /**
   * Looks at the elements {@code first}, {@code first + stride}, … of {@code input}: a heap whose
   * root is the worst of the k best so far, sorted at the end.
   */
  void select(Tensor input, int first, int stride) {
    SortKeys.of(input, first, stride, keys);
    if (largest) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = ~keys[i];
      }
    }
    int k = heap.length;
    for (int i = 0; i < k; i++) {
      heap[i] = i;
    }
    for (int i = k / 2 - 1; i >= 0; i--) {
      sink(i, k);
    }
    for (int i = k; i < keys.length; i++) {
      if (keys[i] < keys[heap[0]]) {
        heap[0] = i;
        sink(0, k);
      }
    }
    for (int end = k - 1; end > 0; end--) {
      int worst = heap[0];
      heap[0] = heap[end];
      heap[end] = worst;
      sink(0, end);
    }
  }

  private void sink(int at, int size) {
    int moved = heap[at];
    int hole = at;
    while (2 * hole + 1 < size) {
      int child = 2 * hole + 1;
      if (child + 1 < size && isBefore(heap[child], heap[child + 1])) {
        child++;
      }
      if (!isBefore(moved, heap[child])) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = moved;
  }

  private boolean isBefore(int a, int b) {
    return keys[a] < keys[b] || (keys[a] == keys[b] && a < b);
  }
}
