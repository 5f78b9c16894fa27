package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/** Register tiles of fourteen rows; see {@link Tiles} for the arguments. */
final class Tile14 {
  private Tile14() {}

  /** Fourteen rows, two vectors of columns. */
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
    from += initStride;
    FloatVector s2a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s2b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s3a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s3b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s4a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s4b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s5a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s5b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s6a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s6b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s7a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s7b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s8a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s8b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s9a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s9b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s10a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s10b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s11a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s11b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s12a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s12b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    from += initStride;
    FloatVector s13a = FloatVector.fromArray(FLOATS, init, from);
    FloatVector s13b = FloatVector.fromArray(FLOATS, init, from + COUNT);
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 1]);
      s1a = x.fma(b0, s1a);
      s1b = x.fma(b1, s1b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 2]);
      s2a = x.fma(b0, s2a);
      s2b = x.fma(b1, s2b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 3]);
      s3a = x.fma(b0, s3a);
      s3b = x.fma(b1, s3b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 4]);
      s4a = x.fma(b0, s4a);
      s4b = x.fma(b1, s4b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 5]);
      s5a = x.fma(b0, s5a);
      s5b = x.fma(b1, s5b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 6]);
      s6a = x.fma(b0, s6a);
      s6b = x.fma(b1, s6b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 7]);
      s7a = x.fma(b0, s7a);
      s7b = x.fma(b1, s7b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 8]);
      s8a = x.fma(b0, s8a);
      s8b = x.fma(b1, s8b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 9]);
      s9a = x.fma(b0, s9a);
      s9b = x.fma(b1, s9b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 10]);
      s10a = x.fma(b0, s10a);
      s10b = x.fma(b1, s10b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 11]);
      s11a = x.fma(b0, s11a);
      s11b = x.fma(b1, s11b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 12]);
      s12a = x.fma(b0, s12a);
      s12b = x.fma(b1, s12b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 13]);
      s13a = x.fma(b0, s13a);
      s13b = x.fma(b1, s13b);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    SHAPE.cast(s0b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s1a).intoArray(c, to);
    SHAPE.cast(s1b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s2a).intoArray(c, to);
    SHAPE.cast(s2b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s3a).intoArray(c, to);
    SHAPE.cast(s3b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s4a).intoArray(c, to);
    SHAPE.cast(s4b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s5a).intoArray(c, to);
    SHAPE.cast(s5b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s6a).intoArray(c, to);
    SHAPE.cast(s6b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s7a).intoArray(c, to);
    SHAPE.cast(s7b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s8a).intoArray(c, to);
    SHAPE.cast(s8b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s9a).intoArray(c, to);
    SHAPE.cast(s9b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s10a).intoArray(c, to);
    SHAPE.cast(s10b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s11a).intoArray(c, to);
    SHAPE.cast(s11b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s12a).intoArray(c, to);
    SHAPE.cast(s12b).intoArray(c, to + COUNT);
    to += cStride;
    SHAPE.cast(s13a).intoArray(c, to);
    SHAPE.cast(s13b).intoArray(c, to + COUNT);
  }

  /** Fourteen rows, one vector of columns. */
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
    from += initStride;
    FloatVector s2a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s3a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s4a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s5a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s6a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s7a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s8a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s9a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s10a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s11a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s12a = FloatVector.fromArray(FLOATS, init, from);
    from += initStride;
    FloatVector s13a = FloatVector.fromArray(FLOATS, init, from);
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p]);
      s0a = x.fma(b0, s0a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 1]);
      s1a = x.fma(b0, s1a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 2]);
      s2a = x.fma(b0, s2a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 3]);
      s3a = x.fma(b0, s3a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 4]);
      s4a = x.fma(b0, s4a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 5]);
      s5a = x.fma(b0, s5a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 6]);
      s6a = x.fma(b0, s6a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 7]);
      s7a = x.fma(b0, s7a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 8]);
      s8a = x.fma(b0, s8a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 9]);
      s9a = x.fma(b0, s9a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 10]);
      s10a = x.fma(b0, s10a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 11]);
      s11a = x.fma(b0, s11a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 12]);
      s12a = x.fma(b0, s12a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 14 * p + 13]);
      s13a = x.fma(b0, s13a);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s1a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s2a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s3a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s4a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s5a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s6a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s7a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s8a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s9a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s10a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s11a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s12a).intoArray(c, to);
    to += cStride;
    SHAPE.cast(s13a).intoArray(c, to);
  }
}
