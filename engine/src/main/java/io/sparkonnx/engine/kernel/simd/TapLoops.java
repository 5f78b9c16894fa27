package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/**
 * Loops over the taps of windows for a run of neighbouring outputs: output q combines {@code
 * x[xOffset + q + steps[t]]} for t ascending. The run is rounded up to full vectors, in reading and
 * in writing.
 */
final class TapLoops {
  private static final int BLOCK = 4 * COUNT;

  private TapLoops() {}

  /** Sums of taps times weights, one chain of fma from 0. */
  static void weighted(
      int taps,
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      int[] steps,
      float[] y,
      int yOffset,
      int count) {
    int q = 0;
    for (; q + BLOCK <= count; q += BLOCK) {
      int from = xOffset + q;
      FloatVector s0 = FloatVector.zero(FLOATS);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int t = 0; t < taps; t++) {
        int at = from + steps[t];
        FloatVector v = FloatVector.broadcast(FLOATS, w[wOffset + t]);
        s0 = v.fma(FloatVector.fromArray(FLOATS, x, at), s0);
        s1 = v.fma(FloatVector.fromArray(FLOATS, x, at + COUNT), s1);
        s2 = v.fma(FloatVector.fromArray(FLOATS, x, at + 2 * COUNT), s2);
        s3 = v.fma(FloatVector.fromArray(FLOATS, x, at + 3 * COUNT), s3);
      }
      SHAPE.cast(s0).intoArray(y, yOffset + q);
      SHAPE.cast(s1).intoArray(y, yOffset + q + COUNT);
      SHAPE.cast(s2).intoArray(y, yOffset + q + 2 * COUNT);
      SHAPE.cast(s3).intoArray(y, yOffset + q + 3 * COUNT);
    }
    for (; q < count; q += COUNT) {
      int from = xOffset + q;
      FloatVector s = FloatVector.zero(FLOATS);
      for (int t = 0; t < taps; t++) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, from + steps[t]);
        s = FloatVector.broadcast(FLOATS, w[wOffset + t]).fma(v, s);
      }
      SHAPE.cast(s).intoArray(y, yOffset + q);
    }
  }

  /** Sums of taps, one chain from 0. */
  static void sum(
      int taps, float[] x, int xOffset, int[] steps, float[] y, int yOffset, int count) {
    int q = 0;
    for (; q + BLOCK <= count; q += BLOCK) {
      int from = xOffset + q;
      FloatVector s0 = FloatVector.zero(FLOATS);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int t = 0; t < taps; t++) {
        int at = from + steps[t];
        s0 = SHAPE.cast(s0).add(FloatVector.fromArray(FLOATS, x, at));
        s1 = SHAPE.cast(s1).add(FloatVector.fromArray(FLOATS, x, at + COUNT));
        s2 = SHAPE.cast(s2).add(FloatVector.fromArray(FLOATS, x, at + 2 * COUNT));
        s3 = SHAPE.cast(s3).add(FloatVector.fromArray(FLOATS, x, at + 3 * COUNT));
      }
      SHAPE.cast(s0).intoArray(y, yOffset + q);
      SHAPE.cast(s1).intoArray(y, yOffset + q + COUNT);
      SHAPE.cast(s2).intoArray(y, yOffset + q + 2 * COUNT);
      SHAPE.cast(s3).intoArray(y, yOffset + q + 3 * COUNT);
    }
    for (; q < count; q += COUNT) {
      int from = xOffset + q;
      FloatVector s = FloatVector.zero(FLOATS);
      for (int t = 0; t < taps; t++) {
        s = SHAPE.cast(s).add(FloatVector.fromArray(FLOATS, x, from + steps[t]));
      }
      SHAPE.cast(s).intoArray(y, yOffset + q);
    }
  }

  /** Greatest taps; NaN wins. */
  static void max(
      int taps, float[] x, int xOffset, int[] steps, float[] y, int yOffset, int count) {
    int q = 0;
    for (; q + BLOCK <= count; q += BLOCK) {
      int from = xOffset + q;
      FloatVector s0 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int t = 0; t < taps; t++) {
        int at = from + steps[t];
        s0 = SHAPE.cast(s0).max(FloatVector.fromArray(FLOATS, x, at));
        s1 = SHAPE.cast(s1).max(FloatVector.fromArray(FLOATS, x, at + COUNT));
        s2 = SHAPE.cast(s2).max(FloatVector.fromArray(FLOATS, x, at + 2 * COUNT));
        s3 = SHAPE.cast(s3).max(FloatVector.fromArray(FLOATS, x, at + 3 * COUNT));
      }
      SHAPE.cast(s0).intoArray(y, yOffset + q);
      SHAPE.cast(s1).intoArray(y, yOffset + q + COUNT);
      SHAPE.cast(s2).intoArray(y, yOffset + q + 2 * COUNT);
      SHAPE.cast(s3).intoArray(y, yOffset + q + 3 * COUNT);
    }
    for (; q < count; q += COUNT) {
      int from = xOffset + q;
      FloatVector s = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
      for (int t = 0; t < taps; t++) {
        s = SHAPE.cast(s).max(FloatVector.fromArray(FLOATS, x, from + steps[t]));
      }
      SHAPE.cast(s).intoArray(y, yOffset + q);
    }
  }
}
