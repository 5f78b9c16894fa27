package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/** Register tiles of eight rows; see {@link Tiles} for the arguments. */
final class Tile8 {
  private Tile8() {}

  /** Eight rows, two vectors of columns. */
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
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 1]);
      s1a = x.fma(b0, s1a);
      s1b = x.fma(b1, s1b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 2]);
      s2a = x.fma(b0, s2a);
      s2b = x.fma(b1, s2b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 3]);
      s3a = x.fma(b0, s3a);
      s3b = x.fma(b1, s3b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 4]);
      s4a = x.fma(b0, s4a);
      s4b = x.fma(b1, s4b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 5]);
      s5a = x.fma(b0, s5a);
      s5b = x.fma(b1, s5b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 6]);
      s6a = x.fma(b0, s6a);
      s6b = x.fma(b1, s6b);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 7]);
      s7a = x.fma(b0, s7a);
      s7b = x.fma(b1, s7b);
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
  }

  /** Eight rows, three vectors of columns; the chains start here. */
  static void triple(
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int[] steps,
      float[] c,
      int cOffset,
      int cStride) {
    FloatVector s0a = FloatVector.zero(FLOATS);
    FloatVector s0b = s0a;
    FloatVector s0c = s0a;
    FloatVector s1a = s0a;
    FloatVector s1b = s0a;
    FloatVector s1c = s0a;
    FloatVector s2a = s0a;
    FloatVector s2b = s0a;
    FloatVector s2c = s0a;
    FloatVector s3a = s0a;
    FloatVector s3b = s0a;
    FloatVector s3c = s0a;
    FloatVector s4a = s0a;
    FloatVector s4b = s0a;
    FloatVector s4c = s0a;
    FloatVector s5a = s0a;
    FloatVector s5b = s0a;
    FloatVector s5c = s0a;
    FloatVector s6a = s0a;
    FloatVector s6b = s0a;
    FloatVector s6c = s0a;
    FloatVector s7a = s0a;
    FloatVector s7b = s0a;
    FloatVector s7c = s0a;
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, at + 2 * COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
      s0c = x.fma(b2, s0c);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 1]);
      s1a = x.fma(b0, s1a);
      s1b = x.fma(b1, s1b);
      s1c = x.fma(b2, s1c);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 2]);
      s2a = x.fma(b0, s2a);
      s2b = x.fma(b1, s2b);
      s2c = x.fma(b2, s2c);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 3]);
      s3a = x.fma(b0, s3a);
      s3b = x.fma(b1, s3b);
      s3c = x.fma(b2, s3c);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 4]);
      s4a = x.fma(b0, s4a);
      s4b = x.fma(b1, s4b);
      s4c = x.fma(b2, s4c);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 5]);
      s5a = x.fma(b0, s5a);
      s5b = x.fma(b1, s5b);
      s5c = x.fma(b2, s5c);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 6]);
      s6a = x.fma(b0, s6a);
      s6b = x.fma(b1, s6b);
      s6c = x.fma(b2, s6c);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 7]);
      s7a = x.fma(b0, s7a);
      s7b = x.fma(b1, s7b);
      s7c = x.fma(b2, s7c);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    SHAPE.cast(s0b).intoArray(c, to + COUNT);
    SHAPE.cast(s0c).intoArray(c, to + 2 * COUNT);
    to += cStride;
    SHAPE.cast(s1a).intoArray(c, to);
    SHAPE.cast(s1b).intoArray(c, to + COUNT);
    SHAPE.cast(s1c).intoArray(c, to + 2 * COUNT);
    to += cStride;
    SHAPE.cast(s2a).intoArray(c, to);
    SHAPE.cast(s2b).intoArray(c, to + COUNT);
    SHAPE.cast(s2c).intoArray(c, to + 2 * COUNT);
    to += cStride;
    SHAPE.cast(s3a).intoArray(c, to);
    SHAPE.cast(s3b).intoArray(c, to + COUNT);
    SHAPE.cast(s3c).intoArray(c, to + 2 * COUNT);
    to += cStride;
    SHAPE.cast(s4a).intoArray(c, to);
    SHAPE.cast(s4b).intoArray(c, to + COUNT);
    SHAPE.cast(s4c).intoArray(c, to + 2 * COUNT);
    to += cStride;
    SHAPE.cast(s5a).intoArray(c, to);
    SHAPE.cast(s5b).intoArray(c, to + COUNT);
    SHAPE.cast(s5c).intoArray(c, to + 2 * COUNT);
    to += cStride;
    SHAPE.cast(s6a).intoArray(c, to);
    SHAPE.cast(s6b).intoArray(c, to + COUNT);
    SHAPE.cast(s6c).intoArray(c, to + 2 * COUNT);
    to += cStride;
    SHAPE.cast(s7a).intoArray(c, to);
    SHAPE.cast(s7b).intoArray(c, to + COUNT);
    SHAPE.cast(s7c).intoArray(c, to + 2 * COUNT);
  }

  /** Eight rows, one vector of columns. */
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
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p]);
      s0a = x.fma(b0, s0a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 1]);
      s1a = x.fma(b0, s1a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 2]);
      s2a = x.fma(b0, s2a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 3]);
      s3a = x.fma(b0, s3a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 4]);
      s4a = x.fma(b0, s4a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 5]);
      s5a = x.fma(b0, s5a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 6]);
      s6a = x.fma(b0, s6a);
      x = FloatVector.broadcast(FLOATS, a[aOffset + 8 * p + 7]);
      s7a = x.fma(b0, s7a);
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
  }
}
