package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;

/** The bytes that all workers of one run hold together, and its results. */
final class RunMemory {
  private final RunOptions options;
  private final long[] held;
  private long results;

  /**
   * @param held bytes that each worker holds when the run begins
   */
  RunMemory(RunOptions options, long[] held) {
    this.options = options;
    this.held = held;
  }

  /**
   * Asks for the results' bytes.
   *
   * @throws OnnxException LIMIT_EXCEEDED, and what {@link RunOptions#memory} throws
   */
  synchronized void results(long bytes) {
    admit(bytes);
    results = bytes;
    tell();
  }

  /**
   * Asks for a frame.
   *
   * @param frame bytes of the frame
   * @param all bytes of the worker with it
   */
  synchronized void frame(int worker, long frame, long all) {
    admit(frame);
    held[worker] = all;
    tell();
  }

  /** Asks for what {@code worker} is to hold in all. */
  synchronized void hold(int worker, long bytes) {
    if (held[worker] != bytes) {
      held[worker] = bytes;
      tell();
    }
  }

  private void admit(long bytes) {
    if (bytes > options.maxBytes()) {
      throw new OnnxException(
          OnnxException.Code.LIMIT_EXCEEDED,
          "the run needs " + bytes + " bytes, at most " + options.maxBytes() + " are allowed");
    }
  }

  private void tell() {
    long bytes = results;
    for (long one : held) {
      bytes += one;
    }
    options.memory().accept(bytes);
  }
}
