package io.sparkonnx.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.scalar.ScalarConvolution;
import io.sparkonnx.engine.kernel.scalar.ScalarGemm;
import io.sparkonnx.engine.kernel.scalar.ScalarPool;
import io.sparkonnx.engine.kernel.scalar.ScalarUnary;
import io.sparkonnx.engine.kernel.simd.SimdConvolution;
import io.sparkonnx.engine.kernel.simd.SimdGemm;
import io.sparkonnx.engine.kernel.simd.SimdPool;
import io.sparkonnx.engine.kernel.simd.SimdUnary;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The kernels under test, and what their tests share. */
final class KernelTwins {
  private static final UnaryKernel SCALAR_UNARY = new ScalarUnary();
  private static final UnaryKernel SIMD_UNARY = new SimdUnary();

  private KernelTwins() {}

  static Stream<Named<GemmKernel>> gemm() {
    return Stream.of(
        Named.of("scalar", new ScalarGemm(SCALAR_UNARY)),
        Named.of("simd", new SimdGemm(SIMD_UNARY)));
  }

  static Stream<Named<ConvolutionKernel>> convolution() {
    return Stream.of(
        Named.of("scalar", new ScalarConvolution(SCALAR_UNARY)),
        Named.of("simd", new SimdConvolution(SIMD_UNARY)));
  }

  static Stream<Named<PoolKernel>> pool() {
    return Stream.of(Named.of("scalar", new ScalarPool()), Named.of("simd", new SimdPool()));
  }

  /** Normally distributed values. */
  static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** What an epilogue makes of a dot product. */
  static float finish(Epilogue epilogue, int row, int column, float sum) {
    float value = epilogue.scale() == 1f ? sum : epilogue.scale() * sum;
    if (epilogue.biasAxis() != BiasAxis.NONE) {
      value += epilogue.bias()[epilogue.biasAxis() == BiasAxis.ROW ? row : column];
    }
    if (epilogue.activation() == null) {
      return value;
    }
    float[] y = {value};
    SCALAR_UNARY.apply(epilogue.activation(), epilogue.alpha(), epilogue.beta(), y, 0, y, 0, 1);
    return y[0];
  }

  static void assertSameBits(float[] actual, float[] expected, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
        throw new AssertionError(
            "%s: element %d is %s, expected %s".formatted(what, i, actual[i], expected[i]));
      }
    }
  }
}
