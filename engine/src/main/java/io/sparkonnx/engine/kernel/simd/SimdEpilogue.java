package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Tiles.LANES;
import static io.sparkonnx.engine.kernel.simd.Tiles.SPECIES;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.UnaryKernel;
import jdk.incubator.vector.FloatVector;

/** Applies an {@link Epilogue} to finished dot products while they are in the cache. */
final class SimdEpilogue {
  private final UnaryKernel unary;

  SimdEpilogue(UnaryKernel unary) {
    this.unary = unary;
  }

  static boolean isIdentity(Epilogue epilogue) {
    return epilogue.scale() == 1f
        && epilogue.biasAxis() == BiasAxis.NONE
        && epilogue.activation() == null;
  }

  /** Finishes a run of {@code length} elements of row {@code row} from {@code column} on. */
  void apply(
      Epilogue epilogue, BiasAxis axis, int row, int column, float[] c, int offset, int length) {
    float scale = epilogue.scale();
    if (scale != 1f) {
      scale(scale, c, offset, length);
    }
    if (axis == BiasAxis.ROW) {
      add(epilogue.bias()[row], c, offset, length);
    } else if (axis == BiasAxis.COLUMN) {
      add(epilogue.bias(), column, c, offset, length);
    }
    if (epilogue.activation() != null) {
      unary.apply(
          epilogue.activation(), epilogue.alpha(), epilogue.beta(), c, offset, c, offset, length);
    }
  }

  private static void scale(float scale, float[] c, int offset, int length) {
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
      FloatVector.fromArray(SPECIES, c, offset + i).mul(scale).intoArray(c, offset + i);
    }
    for (; i < length; i++) {
      c[offset + i] *= scale;
    }
  }

  private static void add(float bias, float[] c, int offset, int length) {
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
      FloatVector.fromArray(SPECIES, c, offset + i).add(bias).intoArray(c, offset + i);
    }
    for (; i < length; i++) {
      c[offset + i] += bias;
    }
  }

  private static void add(float[] bias, int from, float[] c, int offset, int length) {
    int i = 0;
    for (; i + LANES <= length; i += LANES) {
      FloatVector b = FloatVector.fromArray(SPECIES, bias, from + i);
      FloatVector.fromArray(SPECIES, c, offset + i).add(b).intoArray(c, offset + i);
    }
    for (; i < length; i++) {
      c[offset + i] += bias[from + i];
    }
  }
}
