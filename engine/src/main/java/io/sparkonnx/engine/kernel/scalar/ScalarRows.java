package io.sparkonnx.engine.kernel.scalar;

/**
 * Reductions of one run {@code x[o, o+n)} by 16 partials and a halving tree, as {@link
 * io.sparkonnx.engine.kernel.ReduceKernel} fixes it. The partials j, j+4, j+8 and j+12 meet in the
 * tree before any other, so that four passes with four chains each need no array of partials.
 */
public final class ScalarRows {
  private ScalarRows() {}

  public static float sum(float[] x, int o, int n) {
    return (sum(x, o, n, 0) + sum(x, o, n, 2)) + (sum(x, o, n, 1) + sum(x, o, n, 3));
  }

  private static float sum(float[] x, int o, int n, int j) {
    float p0 = 0f;
    float p1 = 0f;
    float p2 = 0f;
    float p3 = 0f;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = p0 + x[o + i];
      p1 = p1 + x[o + i + 4];
      p2 = p2 + x[o + i + 8];
      p3 = p3 + x[o + i + 12];
    }
    if (i < n) {
      p0 = p0 + x[o + i];
    }
    if (i < n - 4) {
      p1 = p1 + x[o + i + 4];
    }
    if (i < n - 8) {
      p2 = p2 + x[o + i + 8];
    }
    return (p0 + p2) + (p1 + p3);
  }

  public static float sumAbs(float[] x, int o, int n) {
    return (sumAbs(x, o, n, 0) + sumAbs(x, o, n, 2)) + (sumAbs(x, o, n, 1) + sumAbs(x, o, n, 3));
  }

  private static float sumAbs(float[] x, int o, int n, int j) {
    float p0 = 0f;
    float p1 = 0f;
    float p2 = 0f;
    float p3 = 0f;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = p0 + Math.abs(x[o + i]);
      p1 = p1 + Math.abs(x[o + i + 4]);
      p2 = p2 + Math.abs(x[o + i + 8]);
      p3 = p3 + Math.abs(x[o + i + 12]);
    }
    if (i < n) {
      p0 = p0 + Math.abs(x[o + i]);
    }
    if (i < n - 4) {
      p1 = p1 + Math.abs(x[o + i + 4]);
    }
    if (i < n - 8) {
      p2 = p2 + Math.abs(x[o + i + 8]);
    }
    return (p0 + p2) + (p1 + p3);
  }

  public static float sumSquare(float[] x, int o, int n) {
    return (sumSquare(x, o, n, 0) + sumSquare(x, o, n, 2))
        + (sumSquare(x, o, n, 1) + sumSquare(x, o, n, 3));
  }

  private static float sumSquare(float[] x, int o, int n, int j) {
    float p0 = 0f;
    float p1 = 0f;
    float p2 = 0f;
    float p3 = 0f;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = Math.fma(x[o + i], x[o + i], p0);
      p1 = Math.fma(x[o + i + 4], x[o + i + 4], p1);
      p2 = Math.fma(x[o + i + 8], x[o + i + 8], p2);
      p3 = Math.fma(x[o + i + 12], x[o + i + 12], p3);
    }
    if (i < n) {
      p0 = Math.fma(x[o + i], x[o + i], p0);
    }
    if (i < n - 4) {
      p1 = Math.fma(x[o + i + 4], x[o + i + 4], p1);
    }
    if (i < n - 8) {
      p2 = Math.fma(x[o + i + 8], x[o + i + 8], p2);
    }
    return (p0 + p2) + (p1 + p3);
  }

  public static float product(float[] x, int o, int n) {
    return (product(x, o, n, 0) * product(x, o, n, 2))
        * (product(x, o, n, 1) * product(x, o, n, 3));
  }

  private static float product(float[] x, int o, int n, int j) {
    float p0 = 1f;
    float p1 = 1f;
    float p2 = 1f;
    float p3 = 1f;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = p0 * x[o + i];
      p1 = p1 * x[o + i + 4];
      p2 = p2 * x[o + i + 8];
      p3 = p3 * x[o + i + 12];
    }
    if (i < n) {
      p0 = p0 * x[o + i];
    }
    if (i < n - 4) {
      p1 = p1 * x[o + i + 4];
    }
    if (i < n - 8) {
      p2 = p2 * x[o + i + 8];
    }
    return (p0 * p2) * (p1 * p3);
  }

  public static float min(float[] x, int o, int n) {
    return Math.min(
        Math.min(min(x, o, n, 0), min(x, o, n, 2)), Math.min(min(x, o, n, 1), min(x, o, n, 3)));
  }

  private static float min(float[] x, int o, int n, int j) {
    float p0 = Float.POSITIVE_INFINITY;
    float p1 = Float.POSITIVE_INFINITY;
    float p2 = Float.POSITIVE_INFINITY;
    float p3 = Float.POSITIVE_INFINITY;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = Math.min(p0, x[o + i]);
      p1 = Math.min(p1, x[o + i + 4]);
      p2 = Math.min(p2, x[o + i + 8]);
      p3 = Math.min(p3, x[o + i + 12]);
    }
    if (i < n) {
      p0 = Math.min(p0, x[o + i]);
    }
    if (i < n - 4) {
      p1 = Math.min(p1, x[o + i + 4]);
    }
    if (i < n - 8) {
      p2 = Math.min(p2, x[o + i + 8]);
    }
    return Math.min(Math.min(p0, p2), Math.min(p1, p3));
  }

  public static float max(float[] x, int o, int n) {
    return Math.max(
        Math.max(max(x, o, n, 0), max(x, o, n, 2)), Math.max(max(x, o, n, 1), max(x, o, n, 3)));
  }

  private static float max(float[] x, int o, int n, int j) {
    float p0 = Float.NEGATIVE_INFINITY;
    float p1 = Float.NEGATIVE_INFINITY;
    float p2 = Float.NEGATIVE_INFINITY;
    float p3 = Float.NEGATIVE_INFINITY;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = Math.max(p0, x[o + i]);
      p1 = Math.max(p1, x[o + i + 4]);
      p2 = Math.max(p2, x[o + i + 8]);
      p3 = Math.max(p3, x[o + i + 12]);
    }
    if (i < n) {
      p0 = Math.max(p0, x[o + i]);
    }
    if (i < n - 4) {
      p1 = Math.max(p1, x[o + i + 4]);
    }
    if (i < n - 8) {
      p2 = Math.max(p2, x[o + i + 8]);
    }
    return Math.max(Math.max(p0, p2), Math.max(p1, p3));
  }
}
