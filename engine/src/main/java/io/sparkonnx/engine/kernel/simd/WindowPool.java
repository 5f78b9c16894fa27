package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.Window;

/** Pooling output by output, with four planes side by side. */
final class WindowPool {
  private WindowPool() {}

  /** Greatest taps inside the planes. */
  static void max(Taps taps, int planes, float[] x, int xOffset, float[] y, int yOffset) {
    for (int out = 0; out < taps.outputPlane; out++) {
      int count = taps.find(out);
      int plane = 0;
      for (; plane + 4 <= planes; plane += 4) {
        int from = xOffset + plane * taps.inputPlane;
        max4(
            taps.indices,
            count,
            x,
            from,
            taps.inputPlane,
            y,
            yOffset + plane * taps.outputPlane + out,
            taps.outputPlane);
      }
      for (; plane < planes; plane++) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int tap = 0; tap < count; tap++) {
          greatest = Math.max(greatest, x[xOffset + plane * taps.inputPlane + taps.indices[tap]]);
        }
        y[yOffset + plane * taps.outputPlane + out] = greatest;
      }
    }
  }

  /** Sums of the taps inside the planes, one chain each. */
  static void sum(Taps taps, int planes, float[] x, int xOffset, float[] y, int yOffset) {
    for (int out = 0; out < taps.outputPlane; out++) {
      int count = taps.find(out);
      int plane = 0;
      for (; plane + 4 <= planes; plane += 4) {
        int from = xOffset + plane * taps.inputPlane;
        sum4(
            taps.indices,
            count,
            x,
            from,
            taps.inputPlane,
            y,
            yOffset + plane * taps.outputPlane + out,
            taps.outputPlane);
      }
      for (; plane < planes; plane++) {
        float sum = 0f;
        for (int tap = 0; tap < count; tap++) {
          sum += x[xOffset + plane * taps.inputPlane + taps.indices[tap]];
        }
        y[yOffset + plane * taps.outputPlane + out] = sum;
      }
    }
  }

  private static void max4(
      int[] taps, int count, float[] x, int from, int step, float[] y, int to, int yStep) {
    float m0 = Float.NEGATIVE_INFINITY;
    float m1 = m0;
    float m2 = m0;
    float m3 = m0;
    for (int tap = 0; tap < count; tap++) {
      int at = from + taps[tap];
      m0 = Math.max(m0, x[at]);
      m1 = Math.max(m1, x[at + step]);
      m2 = Math.max(m2, x[at + 2 * step]);
      m3 = Math.max(m3, x[at + 3 * step]);
    }
    y[to] = m0;
    y[to + yStep] = m1;
    y[to + 2 * yStep] = m2;
    y[to + 3 * yStep] = m3;
  }

  private static void sum4(
      int[] taps, int count, float[] x, int from, int step, float[] y, int to, int yStep) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    for (int tap = 0; tap < count; tap++) {
      int at = from + taps[tap];
      s0 += x[at];
      s1 += x[at + step];
      s2 += x[at + 2 * step];
      s3 += x[at + 3 * step];
    }
    y[to] = s0;
    y[to + yStep] = s1;
    y[to + 2 * yStep] = s2;
    y[to + 3 * yStep] = s3;
  }

  /** Finds which elements of a plane belong to an output's window. For one thread. */
  static final class Taps {
    final int inputPlane;
    final int outputPlane;
    final int[] indices;
    private final Window window;
    private final int[] spatial;
    private final int[] output;

    Taps(Window window, int[] spatial, int[] output) {
      this.window = window;
      this.spatial = spatial;
      this.output = output;
      int in = 1;
      int out = 1;
      int taps = 1;
      for (int axis = 0; axis < spatial.length; axis++) {
        in *= spatial[axis];
        out *= output[axis];
        taps *= window.kernel()[axis];
      }
      inputPlane = in;
      outputPlane = out;
      indices = new int[taps];
    }

    /** Lists the taps of output {@code out} inside the plane and returns their number. */
    int find(int out) {
      int count = 0;
      for (int tap = 0; tap < indices.length; tap++) {
        int index = index(out, tap);
        if (index >= 0) {
          indices[count++] = index;
        }
      }
      return count;
    }

    private int index(int out, int tap) {
      int index = 0;
      int step = 1;
      int restOfOutput = out;
      int restOfTap = tap;
      for (int axis = spatial.length - 1; axis >= 0; axis--) {
        int kernel = window.kernel()[axis];
        int at =
            restOfOutput % output[axis] * window.stride()[axis]
                - window.padBegin()[axis]
                + restOfTap % kernel * window.dilation()[axis];
        if (at < 0 || at >= spatial[axis]) {
          return -1;
        }
        restOfOutput /= output[axis];
        restOfTap /= kernel;
        index += at * step;
        step *= spatial[axis];
      }
      return index;
    }
  }
}
