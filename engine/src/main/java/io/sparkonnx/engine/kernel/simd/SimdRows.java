package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;
import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;
import static io.sparkonnx.engine.kernel.simd.Lanes.load;

import io.sparkonnx.engine.kernel.scalar.ScalarNormalization;
import io.sparkonnx.engine.kernel.scalar.ScalarRows;
import jdk.incubator.vector.FloatVector;

/**
 * Twin of {@link ScalarRows}: the 16 partials lie in the lanes of one, two or four vectors. The
 * last elements of a run are loaded together with what follows them in the array, which is replaced
 * by the neutral element; a run that ends with the array goes to the scalar twin.
 */
final class SimdRows {
  private static final FloatVector ZERO = broadcast(0f);
  private static final FloatVector ONE = broadcast(1f);
  private static final FloatVector INFINITY = broadcast(Float.POSITIVE_INFINITY);
  private static final FloatVector MINUS_INFINITY = broadcast(Float.NEGATIVE_INFINITY);

  private SimdRows() {}

  static float sum(float[] x, int o, int n) {
    int whole = n & -16;
    if (n < 16 || (whole < n && o + whole + 16 > x.length)) {
      return ScalarRows.sum(x, o, n);
    }
    FloatVector p0 = broadcast(0f);
    FloatVector p1 = broadcast(0f);
    FloatVector p2 = broadcast(0f);
    FloatVector p3 = broadcast(0f);
    for (int i = 0; i < whole; i += 16) {
      FloatVector v0 = load(x, o + i);
      p0 = SHAPE.cast(p0).add(v0);
      if (COUNT <= 8) {
        FloatVector v1 = load(x, o + i + COUNT);
        p1 = SHAPE.cast(p1).add(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = load(x, o + i + 8);
        p2 = SHAPE.cast(p2).add(v2);
        FloatVector v3 = load(x, o + i + 12);
        p3 = SHAPE.cast(p3).add(v3);
      }
    }
    if (whole < n) {
      int rest = n - whole;
      FloatVector v0 = Partials.tail(x, o + whole, rest, ZERO);
      p0 = SHAPE.cast(p0).add(v0);
      if (COUNT <= 8) {
        FloatVector v1 = Partials.tail(x, o + whole + COUNT, rest - COUNT, ZERO);
        p1 = SHAPE.cast(p1).add(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = Partials.tail(x, o + whole + 8, rest - 8, ZERO);
        p2 = SHAPE.cast(p2).add(v2);
        FloatVector v3 = Partials.tail(x, o + whole + 12, rest - 12, ZERO);
        p3 = SHAPE.cast(p3).add(v3);
      }
    }
    return Partials.foldAdd(p0, p1, p2, p3);
  }

  static float sumAbs(float[] x, int o, int n) {
    int whole = n & -16;
    if (n < 16 || (whole < n && o + whole + 16 > x.length)) {
      return ScalarRows.sumAbs(x, o, n);
    }
    FloatVector p0 = broadcast(0f);
    FloatVector p1 = broadcast(0f);
    FloatVector p2 = broadcast(0f);
    FloatVector p3 = broadcast(0f);
    for (int i = 0; i < whole; i += 16) {
      FloatVector v0 = load(x, o + i);
      p0 = SHAPE.cast(p0).add(v0.abs());
      if (COUNT <= 8) {
        FloatVector v1 = load(x, o + i + COUNT);
        p1 = SHAPE.cast(p1).add(v1.abs());
      }
      if (COUNT == 4) {
        FloatVector v2 = load(x, o + i + 8);
        p2 = SHAPE.cast(p2).add(v2.abs());
        FloatVector v3 = load(x, o + i + 12);
        p3 = SHAPE.cast(p3).add(v3.abs());
      }
    }
    if (whole < n) {
      int rest = n - whole;
      FloatVector v0 = Partials.tail(x, o + whole, rest, ZERO);
      p0 = SHAPE.cast(p0).add(v0.abs());
      if (COUNT <= 8) {
        FloatVector v1 = Partials.tail(x, o + whole + COUNT, rest - COUNT, ZERO);
        p1 = SHAPE.cast(p1).add(v1.abs());
      }
      if (COUNT == 4) {
        FloatVector v2 = Partials.tail(x, o + whole + 8, rest - 8, ZERO);
        p2 = SHAPE.cast(p2).add(v2.abs());
        FloatVector v3 = Partials.tail(x, o + whole + 12, rest - 12, ZERO);
        p3 = SHAPE.cast(p3).add(v3.abs());
      }
    }
    return Partials.foldAdd(p0, p1, p2, p3);
  }

  static float sumSquare(float[] x, int o, int n) {
    int whole = n & -16;
    if (n < 16 || (whole < n && o + whole + 16 > x.length)) {
      return ScalarRows.sumSquare(x, o, n);
    }
    FloatVector p0 = broadcast(0f);
    FloatVector p1 = broadcast(0f);
    FloatVector p2 = broadcast(0f);
    FloatVector p3 = broadcast(0f);
    for (int i = 0; i < whole; i += 16) {
      FloatVector v0 = load(x, o + i);
      p0 = v0.fma(v0, p0);
      if (COUNT <= 8) {
        FloatVector v1 = load(x, o + i + COUNT);
        p1 = v1.fma(v1, p1);
      }
      if (COUNT == 4) {
        FloatVector v2 = load(x, o + i + 8);
        p2 = v2.fma(v2, p2);
        FloatVector v3 = load(x, o + i + 12);
        p3 = v3.fma(v3, p3);
      }
    }
    if (whole < n) {
      int rest = n - whole;
      FloatVector v0 = Partials.tail(x, o + whole, rest, ZERO);
      p0 = v0.fma(v0, p0);
      if (COUNT <= 8) {
        FloatVector v1 = Partials.tail(x, o + whole + COUNT, rest - COUNT, ZERO);
        p1 = v1.fma(v1, p1);
      }
      if (COUNT == 4) {
        FloatVector v2 = Partials.tail(x, o + whole + 8, rest - 8, ZERO);
        p2 = v2.fma(v2, p2);
        FloatVector v3 = Partials.tail(x, o + whole + 12, rest - 12, ZERO);
        p3 = v3.fma(v3, p3);
      }
    }
    return Partials.foldAdd(p0, p1, p2, p3);
  }

  static float product(float[] x, int o, int n) {
    int whole = n & -16;
    if (n < 16 || (whole < n && o + whole + 16 > x.length)) {
      return ScalarRows.product(x, o, n);
    }
    FloatVector p0 = broadcast(1f);
    FloatVector p1 = broadcast(1f);
    FloatVector p2 = broadcast(1f);
    FloatVector p3 = broadcast(1f);
    for (int i = 0; i < whole; i += 16) {
      FloatVector v0 = load(x, o + i);
      p0 = SHAPE.cast(p0).mul(v0);
      if (COUNT <= 8) {
        FloatVector v1 = load(x, o + i + COUNT);
        p1 = SHAPE.cast(p1).mul(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = load(x, o + i + 8);
        p2 = SHAPE.cast(p2).mul(v2);
        FloatVector v3 = load(x, o + i + 12);
        p3 = SHAPE.cast(p3).mul(v3);
      }
    }
    if (whole < n) {
      int rest = n - whole;
      FloatVector v0 = Partials.tail(x, o + whole, rest, ONE);
      p0 = SHAPE.cast(p0).mul(v0);
      if (COUNT <= 8) {
        FloatVector v1 = Partials.tail(x, o + whole + COUNT, rest - COUNT, ONE);
        p1 = SHAPE.cast(p1).mul(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = Partials.tail(x, o + whole + 8, rest - 8, ONE);
        p2 = SHAPE.cast(p2).mul(v2);
        FloatVector v3 = Partials.tail(x, o + whole + 12, rest - 12, ONE);
        p3 = SHAPE.cast(p3).mul(v3);
      }
    }
    return Partials.foldMultiply(p0, p1, p2, p3);
  }

  static float min(float[] x, int o, int n) {
    int whole = n & -16;
    if (n < 16 || (whole < n && o + whole + 16 > x.length)) {
      return ScalarRows.min(x, o, n);
    }
    FloatVector p0 = broadcast(Float.POSITIVE_INFINITY);
    FloatVector p1 = broadcast(Float.POSITIVE_INFINITY);
    FloatVector p2 = broadcast(Float.POSITIVE_INFINITY);
    FloatVector p3 = broadcast(Float.POSITIVE_INFINITY);
    for (int i = 0; i < whole; i += 16) {
      FloatVector v0 = load(x, o + i);
      p0 = SHAPE.cast(p0).min(v0);
      if (COUNT <= 8) {
        FloatVector v1 = load(x, o + i + COUNT);
        p1 = SHAPE.cast(p1).min(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = load(x, o + i + 8);
        p2 = SHAPE.cast(p2).min(v2);
        FloatVector v3 = load(x, o + i + 12);
        p3 = SHAPE.cast(p3).min(v3);
      }
    }
    if (whole < n) {
      int rest = n - whole;
      FloatVector v0 = Partials.tail(x, o + whole, rest, INFINITY);
      p0 = SHAPE.cast(p0).min(v0);
      if (COUNT <= 8) {
        FloatVector v1 = Partials.tail(x, o + whole + COUNT, rest - COUNT, INFINITY);
        p1 = SHAPE.cast(p1).min(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = Partials.tail(x, o + whole + 8, rest - 8, INFINITY);
        p2 = SHAPE.cast(p2).min(v2);
        FloatVector v3 = Partials.tail(x, o + whole + 12, rest - 12, INFINITY);
        p3 = SHAPE.cast(p3).min(v3);
      }
    }
    return Partials.foldMin(p0, p1, p2, p3);
  }

  static float max(float[] x, int o, int n) {
    int whole = n & -16;
    if (n < 16 || (whole < n && o + whole + 16 > x.length)) {
      return ScalarRows.max(x, o, n);
    }
    FloatVector p0 = broadcast(Float.NEGATIVE_INFINITY);
    FloatVector p1 = broadcast(Float.NEGATIVE_INFINITY);
    FloatVector p2 = broadcast(Float.NEGATIVE_INFINITY);
    FloatVector p3 = broadcast(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < whole; i += 16) {
      FloatVector v0 = load(x, o + i);
      p0 = SHAPE.cast(p0).max(v0);
      if (COUNT <= 8) {
        FloatVector v1 = load(x, o + i + COUNT);
        p1 = SHAPE.cast(p1).max(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = load(x, o + i + 8);
        p2 = SHAPE.cast(p2).max(v2);
        FloatVector v3 = load(x, o + i + 12);
        p3 = SHAPE.cast(p3).max(v3);
      }
    }
    if (whole < n) {
      int rest = n - whole;
      FloatVector v0 = Partials.tail(x, o + whole, rest, MINUS_INFINITY);
      p0 = SHAPE.cast(p0).max(v0);
      if (COUNT <= 8) {
        FloatVector v1 = Partials.tail(x, o + whole + COUNT, rest - COUNT, MINUS_INFINITY);
        p1 = SHAPE.cast(p1).max(v1);
      }
      if (COUNT == 4) {
        FloatVector v2 = Partials.tail(x, o + whole + 8, rest - 8, MINUS_INFINITY);
        p2 = SHAPE.cast(p2).max(v2);
        FloatVector v3 = Partials.tail(x, o + whole + 12, rest - 12, MINUS_INFINITY);
        p3 = SHAPE.cast(p3).max(v3);
      }
    }
    return Partials.foldMax(p0, p1, p2, p3);
  }

  /** Σ (x − center)². */
  static float sumSquareDeviation(float[] x, int o, int n, float center) {
    int whole = n & -16;
    if (n < 16 || (whole < n && o + whole + 16 > x.length)) {
      return ScalarNormalization.sumSquareDeviation(x, o, n, center);
    }
    FloatVector c = broadcast(center);
    FloatVector p0 = broadcast(0f);
    FloatVector p1 = broadcast(0f);
    FloatVector p2 = broadcast(0f);
    FloatVector p3 = broadcast(0f);
    for (int i = 0; i < whole; i += 16) {
      FloatVector v0 = load(x, o + i).sub(c);
      p0 = v0.fma(v0, p0);
      if (COUNT <= 8) {
        FloatVector v1 = load(x, o + i + COUNT).sub(c);
        p1 = v1.fma(v1, p1);
      }
      if (COUNT == 4) {
        FloatVector v2 = load(x, o + i + 8).sub(c);
        p2 = v2.fma(v2, p2);
        FloatVector v3 = load(x, o + i + 12).sub(c);
        p3 = v3.fma(v3, p3);
      }
    }
    if (whole < n) {
      int rest = n - whole;
      FloatVector v0 = Partials.tail(x, o + whole, rest, c).sub(c);
      p0 = v0.fma(v0, p0);
      if (COUNT <= 8) {
        FloatVector v1 = Partials.tail(x, o + whole + COUNT, rest - COUNT, c).sub(c);
        p1 = v1.fma(v1, p1);
      }
      if (COUNT == 4) {
        FloatVector v2 = Partials.tail(x, o + whole + 8, rest - 8, c).sub(c);
        p2 = v2.fma(v2, p2);
        FloatVector v3 = Partials.tail(x, o + whole + 12, rest - 12, c).sub(c);
        p3 = v3.fma(v3, p3);
      }
    }
    return Partials.foldAdd(p0, p1, p2, p3);
  }
}
