package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.Tensor;

/** Writes computed numbers to tensors of any type of numbers. */
final class RoundedNumbers {
  /** What is less than this below an integer is a rounding error. */
  private static final double ERROR = 0x1p-20;

  private RoundedNumbers() {}

  /**
   * Floating-point numbers are rounded to the nearest; integers lose their fraction and are kept
   * within their type.
   */
  static void write(double[] block, Tensor to, int index, int count) {
    if (to.type().isFloatingPoint()) {
      NumberWriter.reals(block, to, index, count);
      return;
    }
    boolean unsigned = to.type().isUnsigned();
    double end = Math.scalb(1.0, unsigned ? to.type().bits() : to.type().bits() - 1);
    long[] integers = new long[count];
    for (int i = 0; i < count; i++) {
      double value = block[i] + Math.copySign(ERROR, block[i]);
      integers[i] = within(value, unsigned ? 0 : -end, end);
    }
    NumberWriter.integers(integers, to, index, count);
  }

  /** The bits of {@code value} without its fraction in [least, end). */
  private static long within(double value, double least, double end) {
    if (value >= end) {
      return end == 0x1p64 ? -1 : end == 0x1p63 ? Long.MAX_VALUE : (long) end - 1;
    }
    double kept = Math.max(value, least);
    return kept >= 0x1p63 ? (long) (kept - 0x1p63) | Long.MIN_VALUE : (long) kept;
  }
}
