package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Copies equally long runs of elements from listed positions. */
final class Runs {
  private Runs() {}

  /**
   * Writes the run at {@code positions[i]} as the i-th of {@code count} runs.
   *
   * @param positions first element of each run, counted in elements from {@code fromOffset}
   * @param run elements of a run
   */
  static void gather(
      ElementType type,
      Object from,
      int fromOffset,
      int[] positions,
      int count,
      int run,
      Object to,
      int toOffset) {
    int width = type.width();
    int length = run * width;
    if (length != 1) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(
            from, fromOffset + positions[i] * width, to, toOffset + i * length, length);
      }
      return;
    }
    switch (type.storage()) {
      case FLOAT -> take((float[]) from, fromOffset, positions, count, (float[]) to, toOffset);
      case DOUBLE -> take((double[]) from, fromOffset, positions, count, (double[]) to, toOffset);
      case INT -> take((int[]) from, fromOffset, positions, count, (int[]) to, toOffset);
      case LONG -> take((long[]) from, fromOffset, positions, count, (long[]) to, toOffset);
      case SHORT -> take((short[]) from, fromOffset, positions, count, (short[]) to, toOffset);
      case BYTE -> take((byte[]) from, fromOffset, positions, count, (byte[]) to, toOffset);
      case STRING -> throw new IllegalArgumentException("strings move as indices");
    }
  }

  private static void take(float[] from, int f, int[] positions, int count, float[] to, int t) {
    for (int i = 0; i < count; i++) {
      to[t + i] = from[f + positions[i]];
    }
  }

  private static void take(double[] from, int f, int[] positions, int count, double[] to, int t) {
    for (int i = 0; i < count; i++) {
      to[t + i] = from[f + positions[i]];
    }
  }

  private static void take(int[] from, int f, int[] positions, int count, int[] to, int t) {
    for (int i = 0; i < count; i++) {
      to[t + i] = from[f + positions[i]];
    }
  }

  private static void take(long[] from, int f, int[] positions, int count, long[] to, int t) {
    for (int i = 0; i < count; i++) {
      to[t + i] = from[f + positions[i]];
    }
  }

  private static void take(short[] from, int f, int[] positions, int count, short[] to, int t) {
    for (int i = 0; i < count; i++) {
      to[t + i] = from[f + positions[i]];
    }
  }

  private static void take(byte[] from, int f, int[] positions, int count, byte[] to, int t) {
    for (int i = 0; i < count; i++) {
      to[t + i] = from[f + positions[i]];
    }
  }

  /**
   * Copies all elements between tensors of one type and size; nothing where both are one region.
   */
  static void copy(Tensor from, Tensor to) {
    if (from.array() != to.array() || from.offset() != to.offset()) {
      int length = from.size() * from.type().width();
      System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), length);
    }
  }

  /** Writes runs of {@code from}, beginning with element {@code first}, to listed positions. */
  static void scatter(Tensor from, int first, Tensor to, int[] positions, int count, int run) {
    int width = from.type().width();
    for (int i = 0; i < count; i++) {
      System.arraycopy(
          from.array(),
          from.offset() + (first + i * run) * width,
          to.array(),
          to.offset() + positions[i] * width,
          run * width);
    }
  }

  /** Writes elements at listed positions to every {@code stride}-th element from {@code first}. */
  static void spread(Tensor from, int[] positions, int count, Tensor to, int first, int stride) {
    if (stride == 1) {
      gather(
          from.type(),
          from.array(),
          from.offset(),
          positions,
          count,
          1,
          to.array(),
          to.offset() + first * from.type().width());
      return;
    }
    int width = from.type().width();
    for (int i = 0; i < count; i++) {
      System.arraycopy(
          from.array(),
          from.offset() + positions[i] * width,
          to.array(),
          to.offset() + (first + i * stride) * width,
          width);
    }
  }

  /** Elements of one slice of an axis that lie together. */
  static int length(Tensor tensor, int axis) {
    int length = 1;
    for (int i = axis + 1; i < tensor.rank(); i++) {
      length *= tensor.dim(i);
    }
    return length;
  }

  /**
   * Writes slices of {@code from} along an axis one after the other.
   *
   * @param positions the slices' indices, each times {@link #length}
   */
  static void take(Tensor from, int axis, int[] positions, int count, Tensor to) {
    int run = length(from, axis);
    int outer = 1;
    for (int i = 0; i < axis; i++) {
      outer *= from.dim(i);
    }
    int width = from.type().width();
    for (int i = 0; i < outer; i++) {
      gather(
          from.type(),
          from.array(),
          from.offset() + i * from.dim(axis) * run * width,
          positions,
          count,
          run,
          to.array(),
          to.offset() + i * count * run * width);
    }
  }
}
