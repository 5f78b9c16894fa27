package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/** Register tiles of two rows; see {@link Tiles} for the arguments. */
final class Tile2 {
  private Tile2() {}

  /** Two rows, two vectors of columns. */
  static void wide(
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int[] steps,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride) {
    int from = initOffset;
    FloatVector s0a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s0b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s1a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s1b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 2 * p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 2 * p + 1]);
      s1a = x.fma(b0, s1a);
      s1b = x.fma(b1, s1b);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    SHAPE.cast(s0b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s1a).intoArray(c, to);
    SHAPE.cast(s1b).intoArray(c, to + COUNT);
  }

  /** Two rows, one vector of columns. */
  static void narrow(
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int[] steps,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride) {
    int from = initOffset;
    FloatVector s0a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s1a = FloatVector.fromArray(FLOATS, init, from);
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 2 * p]);
      s0a = x.fma(b0, s0a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 2 * p + 1]);
      s1a = x.fma(b0, s1a);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s1a).intoArray(c, to);
  }

  /** Two rows, two vectors of columns at each of two places of B. */
  static void pair(
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int bOffset2,
      int[] steps,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride) {
    int from = initOffset;
    FloatVector s0a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s0b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    FloatVector s0c = FloatVector.fromArray(FLOATS, init, from + 2 * COUNT);
    FloatVector s0d = FloatVector.fromArray(FLOATS, init, from + 3 * COUNT);
    from += initStride;
    FloatVector s1a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s1b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    FloatVector s1c = FloatVector.fromArray(FLOATS, init, from + 2 * COUNT);
    FloatVector s1d = FloatVector.fromArray(FLOATS, init, from + 3 * COUNT);
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      int at2 = bOffset2 + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, at2);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, at2 + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 2 * p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
      s0c = x.fma(b2, s0c);
      s0d = x.fma(b3, s0d);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 2 * p + 1]);
      s1a = x.fma(b0, s1a);
      s1b = x.fma(b1, s1b);
      s1c = x.fma(b2, s1c);
      s1d = x.fma(b3, s1d);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    SHAPE.cast(s0b).intoArray(c, to + COUNT);
    SHAPE.cast(s0c).intoArray(c, to + 2 * COUNT);
    SHAPE.cast(s0d).intoArray(c, to + 3 * COUNT);
    to += cStride;
    SHAPE.cast(s1a).intoArray(c, to);
    SHAPE.cast(s1b).intoArray(c, to + COUNT);
    SHAPE.cast(s1c).intoArray(c, to + 2 * COUNT);
    SHAPE.cast(s1d).intoArray(c, to + 3 * COUNT);
  }
}
