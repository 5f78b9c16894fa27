package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;

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
}
