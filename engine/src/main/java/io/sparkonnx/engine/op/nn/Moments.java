package io.sparkonnx.engine.op.nn;

/** Mean and variance of a run of doubles, summed ascending. */
final class Moments {
  private Moments() {}

  static double mean(double[] x, int offset, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += x[offset + i];
    }
    return sum / length;
  }

  static double variance(double[] x, int offset, int length, double mean) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double centred = x[offset + i] - mean;
      sum += centred * centred;
    }
    return sum / length;
  }
}
