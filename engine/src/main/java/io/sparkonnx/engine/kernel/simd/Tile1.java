package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/** Register tiles of one row; see {@link Tiles} for the arguments. */
final class Tile1 {
  private Tile1() {}

  /** One row, two vectors of columns. */
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
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    SHAPE.cast(s0b).intoArray(c, to + COUNT);
  }

  /** One row, one vector of columns. */
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
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      s0a = x.fma(b0, s0a);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
  }

  /** One row, two vectors of columns at each of two places of B. */
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
    for (int p = 0; p < k; p++) {
      int at = bOffset + steps[p];
      int at2 = bOffset2 + steps[p];
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, at);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, at + COUNT);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, at2);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, at2 + COUNT);
      FloatVector x = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      s0a = x.fma(b0, s0a);
      s0b = x.fma(b1, s0b);
      s0c = x.fma(b2, s0c);
      s0d = x.fma(b3, s0d);
    }
    int to = cOffset;
    SHAPE.cast(s0a).intoArray(c, to);
    SHAPE.cast(s0b).intoArray(c, to + COUNT);
    SHAPE.cast(s0c).intoArray(c, to + 2 * COUNT);
    SHAPE.cast(s0d).intoArray(c, to + 3 * COUNT);
  }
}
