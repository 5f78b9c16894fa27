package io.sparkonnx.engine.kernel;

import static io.sparkonnx.engine.kernel.KernelTwins.assertSameBits;
import static io.sparkonnx.engine.kernel.KernelTwins.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.kernel.scalar.ScalarNormalization;
import io.sparkonnx.engine.kernel.scalar.ScalarReduce;
import io.sparkonnx.engine.kernel.scalar.ScalarSoftmax;
import io.sparkonnx.engine.kernel.simd.SimdNormalization;
import io.sparkonnx.engine.kernel.simd.SimdReduce;
import io.sparkonnx.engine.kernel.simd.SimdSoftmax;
import io.sparkonnx.engine.kernel.simd.SimdUnary;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels that work along rows: reductions, softmax, LayerNorm. */
class RowKernelTest {
  private static final int[] LENGTHS = {0, 1, 7, 15, 16, 17, 31, 208, 4097};
  private static final float GUARD = -12345.75f;

  private final ReduceKernel scalarReduce = new ScalarReduce();
  private final ReduceKernel simdReduce = new SimdReduce();
  private final SoftmaxKernel scalarSoftmax = new ScalarSoftmax();
  private final SoftmaxKernel simdSoftmax = new SimdSoftmax(new SimdUnary());
  private final NormalizationKernel scalarNorm = new ScalarNormalization();
  private final NormalizationKernel simdNorm = new SimdNormalization();

  @ParameterizedTest
  @EnumSource(ReduceFunction.class)
  void rowReductionsFollowTheHalvingTree(ReduceFunction f) {
    for (int length : LENGTHS) {
      float[] x = random(new Random(length), length + 3);
      float[] y = new float[1];
      scalarReduce.rows(f, x, 3, 1, length, y, 0);
      assertThat(y[0]).as("%s of %d", f, length).isEqualTo(tree(f, x, 3, length));
    }
  }

  @ParameterizedTest
  @EnumSource(ReduceFunction.class)
  void rowReductionTwinsAreEqualToTheBit(ReduceFunction f) {
    for (int length : LENGTHS) {
      float[] x = random(new Random(length), 3 * length + 5);
      float[] expected = {GUARD, 0, 0, 0, GUARD};
      float[] actual = expected.clone();
      scalarReduce.rows(f, x, 2, 3, length, expected, 1);
      simdReduce.rows(f, x, 2, 3, length, actual, 1);
      assertSameBits(actual, expected, "%s of rows of %d".formatted(f, length));
    }
  }

  @ParameterizedTest
  @EnumSource(ReduceFunction.class)
  void columnReductionTwinsAreEqualToTheBit(ReduceFunction f) {
    for (int inner : new int[] {1, 7, 16, 33, 2100}) {
      for (int length : new int[] {0, 1, 5}) {
        float[] x = random(new Random(inner), 2 * length * inner + 3);
        float[] expected = guarded(2 * inner);
        float[] actual = guarded(2 * inner);
        scalarReduce.columns(f, x, 3, 2, length, inner, expected, 4);
        simdReduce.columns(f, x, 3, 2, length, inner, actual, 4);
        assertSameBits(actual, expected, "%s of %d by %d".formatted(f, length, inner));
      }
    }
  }

  @Test
  void columnReductionsAreOneChainPerColumn() {
    float[] x = random(new Random(3), 2 * 5 * 3);
    float[] y = new float[6];
    scalarReduce.columns(ReduceFunction.SUM_SQUARE, x, 0, 2, 5, 3, y, 0);
    for (int i = 0; i < 6; i++) {
      float sum = 0f;
      for (int k = 0; k < 5; k++) {
        float v = x[(i / 3 * 5 + k) * 3 + i % 3];
        sum = Math.fma(v, v, sum);
      }
      assertThat(y[i]).isEqualTo(sum);
    }
  }

  @Test
  void minimumAndMaximumLetNanWin() {
    for (int length : new int[] {1, 16, 40}) {
      float[] x = random(new Random(1), length + 16);
      x[length - 1] = Float.NaN;
      float[] y = new float[2];
      for (ReduceKernel kernel : new ReduceKernel[] {scalarReduce, simdReduce}) {
        kernel.rows(ReduceFunction.MIN, x, 0, 1, length, y, 0);
        kernel.rows(ReduceFunction.MAX, x, 0, 1, length, y, 1);
        assertThat(y).containsOnly(Float.NaN);
      }
    }
  }

  @Test
  void softmaxTwinsAreEqualToTheBit() {
    for (int length : LENGTHS) {
      float[] x = random(new Random(length), 3 * length + 2);
      float[] expected = guarded(3 * length);
      float[] actual = guarded(3 * length);
      scalarSoftmax.softmax(x, 1, 3, length, expected, 4);
      simdSoftmax.softmax(x, 1, 3, length, actual, 4);
      assertSameBits(actual, expected, "softmax of rows of " + length);
      scalarSoftmax.logSoftmax(x, 1, 3, length, expected, 4);
      simdSoftmax.logSoftmax(x, 1, 3, length, actual, 4);
      assertSameBits(actual, expected, "log of softmax of rows of " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 16, 1000})
  void softmaxIsRightInPlace(int length) {
    float[] x = random(new Random(length), 2 * length);
    float[] y = x.clone();
    float[] log = x.clone();
    simdSoftmax.softmax(y, 0, 2, length, y, 0);
    simdSoftmax.logSoftmax(log, 0, 2, length, log, 0);
    for (int r = 0; r < 2; r++) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += StrictMath.exp(x[r * length + i]);
      }
      for (int i = r * length; i < (r + 1) * length; i++) {
        double exact = StrictMath.exp(x[i]) / sum;
        assertThat((double) y[i]).isCloseTo(exact, within(1e-6 * exact));
        assertThat((double) log[i]).isCloseTo(StrictMath.log(exact), within(2e-6));
      }
    }
  }

  @Test
  void softmaxOfARowDoesNotDependOnItsNeighbours() {
    int length = 10;
    float[] x = random(new Random(4), 300 * length);
    float[] together = new float[x.length];
    float[] alone = new float[x.length];
    simdSoftmax.softmax(x, 0, 300, length, together, 0);
    for (int r = 0; r < 300; r++) {
      simdSoftmax.softmax(x, r * length, 1, length, alone, r * length);
    }
    assertSameBits(together, alone, "300 rows");
  }

  @Test
  void softmaxSurvivesLargeAndInfiniteValues() {
    float[] x = {1e30f, 1e30f, Float.NEGATIVE_INFINITY};
    float[] y = new float[3];
    simdSoftmax.softmax(x, 0, 1, 3, y, 0);
    assertThat(y).containsExactly(0.5f, 0.5f, 0f);
  }

  @Test
  void layerNormTwinsAreEqualToTheBit() {
    for (int length : LENGTHS) {
      Random random = new Random(length);
      float[] x = random(random, 3 * length + 2);
      float[] scale = random(random, length + 1);
      float[] bias = random(random, length + 2);
      for (float[] b : new float[][] {bias, null}) {
        float[] expected = guarded(3 * length);
        float[] actual = guarded(3 * length);
        float[] stats = new float[6];
        float[] simdStats = new float[6];
        scalarNorm.layerNorm(
            x, 1, 3, length, scale, 1, b, 2, 1e-5f, expected, 4, stats, 0, stats, 3);
        simdNorm.layerNorm(
            x, 1, 3, length, scale, 1, b, 2, 1e-5f, actual, 4, simdStats, 0, simdStats, 3);
        assertSameBits(actual, expected, "LayerNorm of rows of " + length);
        assertSameBits(simdStats, stats, "statistics of rows of " + length);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 16, 312})
  void layerNormIsRightInPlace(int length) {
    Random random = new Random(length);
    float[] x = random(random, 2 * length);
    float[] scale = random(random, length);
    float[] bias = random(random, length);
    float[] y = x.clone();
    simdNorm.layerNorm(y, 0, 2, length, scale, 0, bias, 0, 1e-5f, y, 0, null, 0, null, 0);
    for (int r = 0; r < 2; r++) {
      double mean = 0;
      double variance = 0;
      for (int i = r * length; i < (r + 1) * length; i++) {
        mean += x[i] / (double) length;
      }
      for (int i = r * length; i < (r + 1) * length; i++) {
        variance += (x[i] - mean) * (x[i] - mean) / length;
      }
      for (int i = 0; i < length; i++) {
        double exact =
            (x[r * length + i] - mean) / Math.sqrt(variance + 1e-5f) * scale[i] + bias[i];
        assertThat((double) y[r * length + i]).isCloseTo(exact, within(1e-5));
      }
    }
  }

  private static float tree(ReduceFunction f, float[] x, int offset, int length) {
    float[] p = new float[16];
    Arrays.fill(p, ScalarReduce.neutral(f));
    for (int i = 0; i < length; i++) {
      float v = x[offset + i];
      float old = p[i % 16];
      p[i % 16] =
          switch (f) {
            case SUM -> old + v;
            case SUM_ABS -> old + Math.abs(v);
            case SUM_SQUARE -> Math.fma(v, v, old);
            case PRODUCT -> old * v;
            case MIN -> Math.min(old, v);
            case MAX -> Math.max(old, v);
          };
    }
    for (int half = 8; half >= 1; half /= 2) {
      for (int j = 0; j < half; j++) {
        p[j] =
            switch (f) {
              case SUM, SUM_ABS, SUM_SQUARE -> p[j] + p[j + half];
              case PRODUCT -> p[j] * p[j + half];
              case MIN -> Math.min(p[j], p[j + half]);
              case MAX -> Math.max(p[j], p[j + half]);
            };
      }
    }
    return p[0];
  }

  private static float[] guarded(int size) {
    float[] values = new float[size + 8];
    Arrays.fill(values, GUARD);
    return values;
  }
}
