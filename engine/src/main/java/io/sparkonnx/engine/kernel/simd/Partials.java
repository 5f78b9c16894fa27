package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The 16 partial results of a reduction in the lanes of one, two or four vectors, and the halving
 * tree over them.
 */
final class Partials {
  private static final FloatVector LANE = FloatVector.zero(FLOATS).addIndex(1);
  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private Partials() {}

  /** Lane j takes lane j + {@code distance}. */
  private static VectorShuffle<Float> rotation(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + distance) % COUNT);
  }

  /** The {@code count} elements from {@code offset}, then the neutral element. */
  static FloatVector tail(float[] x, int offset, int count, FloatVector neutral) {
    return neutral.blend(
        FloatVector.fromArray(FLOATS, x, offset), LANE.compare(VectorOperators.LT, count));
  }

  static float foldAdd(FloatVector p0, FloatVector p1, FloatVector p2, FloatVector p3) {
    FloatVector p = SHAPE.cast(p0);
    if (COUNT == 16) {
      p = p.add(p.rearrange(BY_8));
    } else if (COUNT == 8) {
      p = p.add(p1);
    } else {
      p = p.add(p2).add(SHAPE.cast(p1).add(p3));
    }
    if (COUNT >= 8) {
      p = p.add(p.rearrange(BY_4));
    }
    p = p.add(p.rearrange(BY_2));
    return p.add(p.rearrange(BY_1)).lane(0);
  }

  static float foldMultiply(FloatVector p0, FloatVector p1, FloatVector p2, FloatVector p3) {
    FloatVector p = SHAPE.cast(p0);
    if (COUNT == 16) {
      p = p.mul(p.rearrange(BY_8));
    } else if (COUNT == 8) {
      p = p.mul(p1);
    } else {
      p = p.mul(p2).mul(SHAPE.cast(p1).mul(p3));
    }
    if (COUNT >= 8) {
      p = p.mul(p.rearrange(BY_4));
    }
    p = p.mul(p.rearrange(BY_2));
    return p.mul(p.rearrange(BY_1)).lane(0);
  }

  static float foldMin(FloatVector p0, FloatVector p1, FloatVector p2, FloatVector p3) {
    FloatVector p = SHAPE.cast(p0);
    if (COUNT == 16) {
      p = p.min(p.rearrange(BY_8));
    } else if (COUNT == 8) {
      p = p.min(p1);
    } else {
      p = p.min(p2).min(SHAPE.cast(p1).min(p3));
    }
    if (COUNT >= 8) {
      p = p.min(p.rearrange(BY_4));
    }
    p = p.min(p.rearrange(BY_2));
    return p.min(p.rearrange(BY_1)).lane(0);
  }

  static float foldMax(FloatVector p0, FloatVector p1, FloatVector p2, FloatVector p3) {
    FloatVector p = SHAPE.cast(p0);
    if (COUNT == 16) {
      p = p.max(p.rearrange(BY_8));
    } else if (COUNT == 8) {
      p = p.max(p1);
    } else {
      p = p.max(p2).max(SHAPE.cast(p1).max(p3));
    }
    if (COUNT >= 8) {
      p = p.max(p.rearrange(BY_4));
    }
    p = p.max(p.rearrange(BY_2));
    return p.max(p.rearrange(BY_1)).lane(0);
  }
}
