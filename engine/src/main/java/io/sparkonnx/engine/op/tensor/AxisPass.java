package io.sparkonnx.engine.op.tensor;

/**
 * y[o, j, i] = Σ over t of weight[j, t] · x[o, source[j, t], i], one fma chain ascending in t,
 * whose first product is rounded by itself.
 */
final class AxisPass {
  private final int outer;
  private final int from;
  private final int inner;
  private final int taps;
  private final int to;
  private final int[] sources;
  private final float[] weights;
  private final double[] wideWeights;

  /**
   * @param outer elements before the axis
   * @param from the axis' length
   * @param inner elements behind it
   * @param axis its elements and weights, at least two for each
   */
  AxisPass(int outer, int from, int inner, AxisTaps axis) {
    this.outer = outer;
    this.from = from;
    this.inner = inner;
    this.taps = axis.count();
    this.to = axis.length();
    this.sources = axis.sources();
    this.weights = axis.floatWeights();
    this.wideWeights = axis.weights();
  }

  void run(float[] x, int xo, float[] y, int yo) {
    for (int o = 0; o < outer; o++) {
      int source = xo + o * from * inner;
      int target = yo + o * to * inner;
      if (inner > 1) {
        rows(x, source, y, target);
      } else if (taps == 2) {
        pairs(sources, weights, to, x, source, y, target);
      } else {
        sums(sources, weights, taps, to, x, source, y, target);
      }
    }
  }

  private void rows(float[] x, int xo, float[] y, int yo) {
    for (int j = 0; j < to; j++) {
      int at = j * taps;
      int target = yo + j * inner;
      two(
          x,
          xo + sources[at] * inner,
          weights[at],
          xo + sources[at + 1] * inner,
          weights[at + 1],
          y,
          target,
          inner);
      for (int t = 2; t < taps; t += 2) {
        twoMore(
            x,
            xo + sources[at + t] * inner,
            weights[at + t],
            xo + sources[at + t + 1] * inner,
            weights[at + t + 1],
            y,
            target,
            inner);
      }
    }
  }

  private static void two(
      float[] x, int a, float wa, int b, float wb, float[] y, int yo, int length) {
    for (int i = 0; i < length; i++) {
      y[yo + i] = Math.fma(wb, x[b + i], wa * x[a + i]);
    }
  }

  private static void twoMore(
      float[] x, int a, float wa, int b, float wb, float[] y, int yo, int length) {
    for (int i = 0; i < length; i++) {
      y[yo + i] = Math.fma(wb, x[b + i], Math.fma(wa, x[a + i], y[yo + i]));
    }
  }

  private static void pairs(
      int[] sources, float[] weights, int to, float[] x, int xo, float[] y, int yo) {
    for (int j = 0; j < to; j++) {
      float first = weights[2 * j] * x[xo + sources[2 * j]];
      y[yo + j] = Math.fma(weights[2 * j + 1], x[xo + sources[2 * j + 1]], first);
    }
  }

  private static void sums(
      int[] sources, float[] weights, int taps, int to, float[] x, int xo, float[] y, int yo) {
    for (int j = 0; j < to; j++) {
      int at = j * taps;
      float sum = weights[at] * x[xo + sources[at]];
      for (int t = 1; t < taps; t++) {
        sum = Math.fma(weights[at + t], x[xo + sources[at + t]], sum);
      }
      y[yo + j] = sum;
    }
  }

  /** The same of doubles, from the arrays' first elements on. */
  void run(double[] x, double[] y) {
    for (int o = 0; o < outer; o++) {
      for (int j = 0; j < to; j++) {
        int target = (o * to + j) * inner;
        for (int t = 0; t < taps; t++) {
          double weight = wideWeights[j * taps + t];
          int source = (o * from + sources[j * taps + t]) * inner;
          add(weight, x, source, t == 0, y, target, inner);
        }
      }
    }
  }

  private static void add(
      double weight, double[] x, int xo, boolean first, double[] y, int yo, int length) {
    for (int i = 0; i < length; i++) {
      y[yo + i] = first ? weight * x[xo + i] : Math.fma(weight, x[xo + i], y[yo + i]);
    }
  }
}
