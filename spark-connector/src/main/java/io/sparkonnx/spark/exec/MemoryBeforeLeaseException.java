package io.sparkonnx.spark.exec;

/**
 * A run under a lease needs more of Spark's memory than the task holds. Who holds a lease does not
 * wait for memory, which a task may hold that waits for the lease: the run ends, the memory is
 * waited for without a lease, and the run is made again.
 */
final class MemoryBeforeLeaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long bytes;

  /**
   * @param bytes that the run must hold itself
   */
  MemoryBeforeLeaseException(long bytes) {
    super("the run needs " + bytes + " bytes", null, false, false);
    this.bytes = bytes;
  }

  long bytes() {
    return bytes;
  }
}
