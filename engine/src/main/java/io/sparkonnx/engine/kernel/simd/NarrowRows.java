package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Rows of A as they lie in memory times one vector of columns of B. Where C has few columns,
 * packing A would cost more than the product. B is a column panel; C's rows are {@link Lanes#COUNT}
 * apart.
 */
final class NarrowRows {
  /** Rows that are worked on together. */
  static final int ROWS = 8;

  private NarrowRows() {}

  /** Multiplies {@code rows} rows of A, {@code stride} apart. */
  static void multiply(int rows, int k, float[] a, int offset, int stride, float[] b, float[] c) {
    int i = 0;
    for (; i + ROWS <= rows; i += ROWS) {
      eight(k, a, offset + i * stride, stride, b, c, i * COUNT);
    }
    for (; i < rows; i++) {
      one(k, a, offset + i * stride, b, c, i * COUNT);
    }
  }

  private static void eight(
      int k, float[] a, int offset, int stride, float[] b, float[] c, int to) {
    int r0 = offset;
    int r1 = r0 + stride;
    int r2 = r1 + stride;
    int r3 = r2 + stride;
    int r4 = r3 + stride;
    int r5 = r4 + stride;
    int r6 = r5 + stride;
    int r7 = r6 + stride;
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int p = 0; p < k; p++) {
      FloatVector y = FloatVector.fromArray(FLOATS, b, p * WIDTH);
      s0 = FloatVector.broadcast(FLOATS, a[r0 + p]).fma(y, s0);
      s1 = FloatVector.broadcast(FLOATS, a[r1 + p]).fma(y, s1);
      s2 = FloatVector.broadcast(FLOATS, a[r2 + p]).fma(y, s2);
      s3 = FloatVector.broadcast(FLOATS, a[r3 + p]).fma(y, s3);
      s4 = FloatVector.broadcast(FLOATS, a[r4 + p]).fma(y, s4);
      s5 = FloatVector.broadcast(FLOATS, a[r5 + p]).fma(y, s5);
      s6 = FloatVector.broadcast(FLOATS, a[r6 + p]).fma(y, s6);
      s7 = FloatVector.broadcast(FLOATS, a[r7 + p]).fma(y, s7);
    }
    SHAPE.cast(s0).intoArray(c, to);
    SHAPE.cast(s1).intoArray(c, to + COUNT);
    SHAPE.cast(s2).intoArray(c, to + 2 * COUNT);
    SHAPE.cast(s3).intoArray(c, to + 3 * COUNT);
    SHAPE.cast(s4).intoArray(c, to + 4 * COUNT);
    SHAPE.cast(s5).intoArray(c, to + 5 * COUNT);
    SHAPE.cast(s6).intoArray(c, to + 6 * COUNT);
    SHAPE.cast(s7).intoArray(c, to + 7 * COUNT);
  }

  private static void one(int k, float[] a, int offset, float[] b, float[] c, int to) {
    FloatVector s = FloatVector.zero(FLOATS);
    for (int p = 0; p < k; p++) {
      FloatVector y = FloatVector.fromArray(FLOATS, b, p * WIDTH);
      s = FloatVector.broadcast(FLOATS, a[offset + p]).fma(y, s);
    }
    SHAPE.cast(s).intoArray(c, to);
  }
}
