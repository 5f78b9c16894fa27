package io.sparkonnx.engine.kernel;

import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel.Layer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chains of products of both twins against one product after the other. */
class GemmChainTest {
  private static final int GUARD = 5;
  private static final float GUARD_VALUE = 12345.678f;
  private static final int[] COLUMNS = {0, 1, 2, 4, 5, 15, 16, 17, 31, 32, 33, 48, 63, 65, 100};

  private final Scratch scratch = new Scratch();

  static Stream<Named<GemmKernel>> kernels() {
    return KernelTwins.gemm();
  }

  /** Numbers of features: those of X, then the rows of each product. */
  private static final int[][] FEATURES = {
    {7, 3}, {1, 1, 1}, {64, 256, 128, 1}, {20, 33, 65, 17, 2}, {300, 600, 5}, {0, 4, 3}, {5, 0, 3}
  };

  @ParameterizedTest
  @MethodSource("kernels")
  void everyNumberOfColumnsEqualsOneProductAfterTheOther(GemmKernel kernel) {
    for (int[] features : FEATURES) {
      for (int n : COLUMNS) {
        new Case(features, n, false).check(kernel, scratch);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void theFirstFactorMayComeByRows(GemmKernel kernel) {
    for (int[] features : FEATURES) {
      for (int n : COLUMNS) {
        new Case(features, n, true).check(kernel, scratch);
      }
    }
  }

  /** X[k, n] and some layers, with guard elements around the result and behind its rows. */
  private static final class Case {
    final int[] features;
    final int n;
    final boolean byRows;
    final float[] x;
    final float[][] weights;
    final Epilogue[] epilogues;

    Case(int[] features, int n, boolean byRows) {
      this.features = features;
      this.n = n;
      this.byRows = byRows;
      Random random = new Random(Arrays.hashCode(features) + n);
      this.x = KernelTwins.random(random, GUARD + features[0] * n);
      int layers = features.length - 1;
      this.weights = new float[layers][];
      this.epilogues = new Epilogue[layers];
      UnaryFunction[] functions = {UnaryFunction.RELU, null, UnaryFunction.SIGMOID};
      for (int l = 0; l < layers; l++) {
        weights[l] = KernelTwins.random(random, features[l + 1] * features[l]);
        float[] bias = KernelTwins.random(random, features[l + 1]);
        float scale = l % 2 == 0 ? 1f : 0.3f;
        Epilogue linear = new Epilogue(scale, BiasAxis.NONE, null, functions[l % 3], 0f, 0f);
        epilogues[l] = l == 1 ? linear : linear.withBias(BiasAxis.ROW, bias);
      }
      if (n > 0 && features[0] > 0) {
        x[GUARD + x.length / 2 % (features[0] * n)] = Float.NaN;
      }
    }

    int rowStride() {
      return n + 3;
    }

    float element(int p, int j) {
      return x[GUARD + (byRows ? j * features[0] + p : p * n + j)];
    }

    float[] expected() {
      float[] right = new float[features[0] * n];
      for (int p = 0; p < features[0]; p++) {
        for (int j = 0; j < n; j++) {
          right[p * n + j] = element(p, j);
        }
      }
      for (int l = 0; l < weights.length; l++) {
        right = product(l, right);
      }
      int rows = features[weights.length];
      float[] c = guarded();
      for (int i = 0; i < rows; i++) {
        System.arraycopy(right, i * n, c, GUARD + i * rowStride(), n);
      }
      return c;
    }

    private float[] product(int layer, float[] right) {
      int k = features[layer];
      float[] c = new float[features[layer + 1] * n];
      for (int i = 0; i < features[layer + 1]; i++) {
        for (int j = 0; j < n; j++) {
          float sum = 0f;
          for (int p = 0; p < k; p++) {
            sum = Math.fma(weights[layer][i * k + p], right[p * n + j], sum);
          }
          c[i * n + j] = KernelTwins.finish(epilogues[layer], i, j, sum);
        }
      }
      return c;
    }

    float[] guarded() {
      float[] c = new float[2 * GUARD + features[weights.length] * rowStride()];
      Arrays.fill(c, GUARD_VALUE);
      return c;
    }

    void check(GemmKernel kernel, Scratch scratch) {
      Layer[] layers = new Layer[weights.length];
      for (int l = 0; l < layers.length; l++) {
        int k = features[l];
        layers[l] =
            new Layer(kernel.packLeft(weights[l], 0, features[l + 1], k, k, 1), epilogues[l]);
      }
      float[] c = guarded();
      kernel.multiplyChain(
          layers,
          n,
          x,
          GUARD,
          byRows ? 1 : n,
          byRows ? features[0] : 1,
          c,
          GUARD,
          rowStride(),
          scratch);
      KernelTwins.assertSameBits(c, expected(), "%s, n=%d".formatted(Arrays.toString(features), n));
    }
  }
}
