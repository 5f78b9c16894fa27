package io.sparkonnx.engine.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The vector shape of all SIMD kernels: the widest that this JVM prefers, up to 512 bits. */
final class Lanes {
  static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  /**
   * The class of all vectors. One that went round a loop, or came out of branches, is cast to it
   * before a method of its own is called: C2 may not know its class when it comes to that call, and
   * then makes an object of the vector, for the life of the JVM ten times slower. As an argument it
   * needs no cast, since the Vector API compares its class with the receiver's.
   */
  static final Class<? extends FloatVector> SHAPE = FloatVector.zero(FLOATS).getClass();

  /** Floats per vector: 4, 8 or 16. */
  static final int COUNT = FLOATS.length();

  /** Lane i takes lane 2·i, or 2·i + 1, modulo the number of lanes. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(FLOATS, lane -> 2 * lane % COUNT);

  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(FLOATS, lane -> (2 * lane + 1) % COUNT);

  private static final VectorMask<Float> UPPER_HALF =
      VectorMask.fromLong(FLOATS, (1L << COUNT) - (1L << (COUNT / 2)));

  private Lanes() {}

  /** The even lanes of two vectors, side by side. */
  static FloatVector even(FloatVector low, FloatVector high) {
    return low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_HALF);
  }

  /** The odd lanes of two vectors, side by side. */
  static FloatVector odd(FloatVector low, FloatVector high) {
    return low.rearrange(ODD).blend(high.rearrange(ODD), UPPER_HALF);
  }

  static FloatVector load(float[] x, int offset) {
    return FloatVector.fromArray(FLOATS, x, offset);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }
}
