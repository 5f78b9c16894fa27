package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/** Register tiles of six rows; see {@link Tiles} for the arguments. */
final class Tile6 {
  private Tile6() {}

  /** Six rows, two vectors of columns. */
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
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 1]);
      s1a = x.fma(b0, s1a);
      s1b = x.fma(b1, s1b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 2]);
      s2a = x.fma(b0, s2a);
      s2b = x.fma(b1, s2b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 3]);
      s3a = x.fma(b0, s3a);
      s3b = x.fma(b1, s3b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 4]);
      s4a = x.fma(b0, s4a);
      s4b = x.fma(b1, s4b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 5]);
      s5a = x.fma(b0, s5a);
      s5b = x.fma(b1, s5b);
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
  }

  /** Six rows, one vector of columns. */
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
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p]);
      s0a = x.fma(b0, s0a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 1]);
      s1a = x.fma(b0, s1a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 2]);
      s2a = x.fma(b0, s2a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 3]);
      s3a = x.fma(b0, s3a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 4]);
      s4a = x.fma(b0, s4a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 6 * p + 5]);
      s5a = x.fma(b0, s5a);
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
  }
}
