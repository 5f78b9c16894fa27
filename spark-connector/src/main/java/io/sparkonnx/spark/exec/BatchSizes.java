package io.sparkonnx.spark.exec;

/** Rows of the batches of a task: few at first, so that a query that needs few rows stays cheap. */
final class BatchSizes {
  private static final int FIRST = 64;
  private static final int GROWTH = 4;

  private final int most;
  private int next;

  /**
   * @param most rows of a batch
   */
  BatchSizes(int most) {
    this.most = most;
    this.next = Math.min(FIRST, most);
  }

  /** Rows of the next batch. */
  int next() {
    int rows = next;
    next = (int) Math.min(most, (long) next * GROWTH);
    return rows;
  }
}
