package io.sparkonnx.spark.exec;

/**
 * Gathered rows that go through a model together.
 *
 * @param order indices of gathered rows; those of this run ascend
 * @param from where the run's rows begin in {@code order}
 * @param to where they end
 * @param length to which their sequences are padded, or {@link #OWN}
 */
record RowRun(int[] order, int from, int to, int length) {
  /** The rows have one shape, and nothing is padded. */
  static final int OWN = -1;

  int rows() {
    return to - from;
  }

  /** Index of the run's i-th row among the gathered ones. */
  int row(int i) {
    return order[from + i];
  }

  boolean isPadded() {
    return length != OWN;
  }

  /** Whether the rows lie one behind the other as they are. */
  boolean isInPlace() {
    return !isPadded() && order[to - 1] - order[from] == to - 1 - from;
  }

  /** A part of this run. */
  RowRun part(int newFrom, int newTo) {
    return new RowRun(order, newFrom, newTo, length);
  }

  /** The same rows without padding; they must have one shape. */
  RowRun unpadded() {
    return new RowRun(order, from, to, OWN);
  }
}
