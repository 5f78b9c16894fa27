package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Tiles.LANES;
import static io.sparkonnx.engine.kernel.simd.Tiles.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Loops over the taps of windows for a run of neighbouring outputs: output q combines {@code
 * x[xOffset + q + steps[t]]} for t ascending. The run is rounded up to full vectors, in reading and
 * in writing.
 */
final class TapLoops {
  private static final int BLOCK = 4 * LANES;

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
      FloatVector s0 = FloatVector.zero(SPECIES);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int t = 0; t < taps; t++) {
        int at = from + steps[t];
        FloatVector v = FloatVector.broadcast(SPECIES, w[wOffset + t]);
        s0 = v.fma(FloatVector.fromArray(SPECIES, x, at), s0);
        s1 = v.fma(FloatVector.fromArray(SPECIES, x, at + LANES), s1);
        s2 = v.fma(FloatVector.fromArray(SPECIES, x, at + 2 * LANES), s2);
        s3 = v.fma(FloatVector.fromArray(SPECIES, x, at + 3 * LANES), s3);
      }
      s0.intoArray(y, yOffset + q);
      s1.intoArray(y, yOffset + q + LANES);
      s2.intoArray(y, yOffset + q + 2 * LANES);
      s3.intoArray(y, yOffset + q + 3 * LANES);
    }
    for (; q < count; q += LANES) {
      int from = xOffset + q;
      FloatVector s = FloatVector.zero(SPECIES);
      for (int t = 0; t < taps; t++) {
        FloatVector v = FloatVector.fromArray(SPECIES, x, from + steps[t]);
        s = FloatVector.broadcast(SPECIES, w[wOffset + t]).fma(v, s);
      }
      s.intoArray(y, yOffset + q);
    }
  }

  /** Sums of taps, one chain from 0. */
  static void sum(
      int taps, float[] x, int xOffset, int[] steps, float[] y, int yOffset, int count) {
    int q = 0;
    for (; q + BLOCK <= count; q += BLOCK) {
      int from = xOffset + q;
      FloatVector s0 = FloatVector.zero(SPECIES);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int t = 0; t < taps; t++) {
        int at = from + steps[t];
        s0 = s0.add(FloatVector.fromArray(SPECIES, x, at));
        s1 = s1.add(FloatVector.fromArray(SPECIES, x, at + LANES));
        s2 = s2.add(FloatVector.fromArray(SPECIES, x, at + 2 * LANES));
        s3 = s3.add(FloatVector.fromArray(SPECIES, x, at + 3 * LANES));
      }
      s0.intoArray(y, yOffset + q);
      s1.intoArray(y, yOffset + q + LANES);
      s2.intoArray(y, yOffset + q + 2 * LANES);
      s3.intoArray(y, yOffset + q + 3 * LANES);
    }
    for (; q < count; q += LANES) {
      int from = xOffset + q;
      FloatVector s = FloatVector.zero(SPECIES);
      for (int t = 0; t < taps; t++) {
        s = s.add(FloatVector.fromArray(SPECIES, x, from + steps[t]));
      }
      s.intoArray(y, yOffset + q);
    }
  }

  /** Greatest taps; NaN wins. */
  static void max(
      int taps, float[] x, int xOffset, int[] steps, float[] y, int yOffset, int count) {
    int q = 0;
    for (; q + BLOCK <= count; q += BLOCK) {
      int from = xOffset + q;
      FloatVector s0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int t = 0; t < taps; t++) {
        int at = from + steps[t];
        s0 = s0.max(FloatVector.fromArray(SPECIES, x, at));
        s1 = s1.max(FloatVector.fromArray(SPECIES, x, at + LANES));
        s2 = s2.max(FloatVector.fromArray(SPECIES, x, at + 2 * LANES));
        s3 = s3.max(FloatVector.fromArray(SPECIES, x, at + 3 * LANES));
      }
      s0.intoArray(y, yOffset + q);
      s1.intoArray(y, yOffset + q + LANES);
      s2.intoArray(y, yOffset + q + 2 * LANES);
      s3.intoArray(y, yOffset + q + 3 * LANES);
    }
    for (; q < count; q += LANES) {
      int from = xOffset + q;
      FloatVector s = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int t = 0; t < taps; t++) {
        s = s.max(FloatVector.fromArray(SPECIES, x, from + steps[t]));
      }
      s.intoArray(y, yOffset + q);
    }
  }
}
