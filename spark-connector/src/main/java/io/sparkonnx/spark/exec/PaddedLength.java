package io.sparkonnx.spark.exec;

/**
 * The length that a sequence is padded to. It depends on the sequence's own length alone, so that a
 * row's result does not depend on the rows beside it. There are four lengths from one power of two
 * to the next, multiples of 8 at least: 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, …
 */
final class PaddedLength {
  private static final int LEAST_STEP = 8;
  private static final int STEPS = 4;

  private PaddedLength() {}

  /** The next length from {@code length} on; 0 stays 0. */
  static int of(int length) {
    int below = Integer.highestOneBit(Math.max(1, length - 1));
    int step = Math.max(LEAST_STEP, below / STEPS);
    return (int) Math.min(Integer.MAX_VALUE - 8L, (length - 1L + step) / step * step);
  }
}
