package io.sparkonnx.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel.PackedB;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both twins against one fma chain per element, written out here. */
class GemmKernelTest {
  private static final int GUARD = 5;
  private static final float GUARD_VALUE = 12345.678f;
  private static final int[] SIZES = {0, 1, 2, 4, 5, 7, 13, 16, 17, 31, 33, 65, 100};

  private final Scratch scratch = new Scratch();

  static Stream<Named<GemmKernel>> kernels() {
    return KernelTwins.gemm();
  }

  static Stream<Arguments> kernelsAndEpilogues() {
    return kernels().flatMap(kernel -> epilogues().stream().map(e -> Arguments.of(kernel, e)));
  }

  private static List<Epilogue> epilogues() {
    float[] bias = KernelTwins.random(new Random(1), 200);
    List<Epilogue> all = new ArrayList<>();
    for (float scale : new float[] {1f, -0.37f}) {
      for (BiasAxis axis : BiasAxis.values()) {
        Epilogue linear =
            new Epilogue(scale, axis, axis == BiasAxis.NONE ? null : bias, null, 0f, 0f);
        all.add(linear);
        all.add(linear.withActivation(UnaryFunction.RELU, 0f, 0f));
        all.add(linear.withActivation(UnaryFunction.CLIP, -0.5f, 0.75f));
        all.add(linear.withActivation(UnaryFunction.SIGMOID, 0f, 0f));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyShapeEqualsOneChainPerElement(GemmKernel kernel) {
    for (int m : SIZES) {
      for (int n : SIZES) {
        for (int k : new int[] {0, 1, 7, 16, 33}) {
          new Case(new Random(31L * m + 7L * n + k), m, n, k).check(kernel);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void longChainsGoOnThroughAllBlocks(GemmKernel kernel) {
    for (int[] shape :
        new int[][] {{1, 300, 1500}, {31, 70, 2100}, {300, 3, 1300}, {250, 600, 700}}) {
      new Case(new Random(2), shape[0], shape[1], shape[2]).check(kernel);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void matricesMayBeTransposedOrStrided(GemmKernel kernel) {
    for (int[] shape : new int[][] {{17, 33, 31}, {1, 208, 65}, {100, 5, 40}, {40, 40, 0}}) {
      for (int variant = 0; variant < 16; variant++) {
        Case c = new Case(new Random(variant), shape[0], shape[1], shape[2]);
        c.transposeA = (variant & 1) != 0;
        c.transposeB = (variant & 2) != 0;
        c.gap = (variant & 4) != 0 ? 3 : 0;
        c.elementStride = (variant & 8) != 0 ? 2 : 1;
        c.check(kernel);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernelsAndEpilogues")
  void epilogueFollowsTheWholeChain(GemmKernel kernel, Epilogue epilogue) {
    for (int[] shape :
        new int[][] {{33, 17, 20}, {1, 100, 9}, {50, 1, 9}, {3, 40, 0}, {30, 66, 1100}}) {
      Case c = new Case(new Random(3), shape[0], shape[1], shape[2]);
      c.epilogue = epilogue;
      c.check(kernel);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void nanAndInfinityStayInTheirElements(GemmKernel kernel) {
    for (int[] shape : new int[][] {{33, 35, 20}, {2, 100, 9}, {50, 3, 9}}) {
      Case c = new Case(new Random(4), shape[0], shape[1], shape[2]);
      c.a[3] = Float.NaN;
      c.a[c.a.length / 2] = Float.POSITIVE_INFINITY;
      c.b[5] = Float.NEGATIVE_INFINITY;
      c.b[c.b.length - 1] = -0f;
      c.check(kernel);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void staysWithinTheErrorBoundOfADotProduct(GemmKernel kernel) {
    Case c = new Case(new Random(5), 29, 45, 777);
    float[] result = c.run(kernel, true);
    for (int i = 0; i < c.m; i++) {
      for (int j = 0; j < c.n; j++) {
        double exact = 0;
        double magnitude = 0;
        for (int p = 0; p < c.k; p++) {
          double term = (double) c.a[i * c.k + p] * c.b[p * c.n + j];
          exact += term;
          magnitude += Math.abs(term);
        }
        double bound = 2 * (c.k + 2) * Math.scalb(1.0, -24) * magnitude;
        assertThat(Math.abs(result[GUARD + i * c.rowStride() + j] - exact)).isLessThan(bound);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aRowGivesTheSameBitsAloneAndAnywhereInABatch(GemmKernel kernel) {
    int k = 300;
    Random random = new Random(6);
    for (int n : new int[] {1, 6, 19, 64, 209}) {
      float[] b = KernelTwins.random(random, k * n);
      float[] row = KernelTwins.random(random, k);
      PackedB packed = kernel.pack(b, 0, k, n, n, 1);
      float[] alone = new float[n];
      kernel.multiply(1, row, 0, k, 1, packed, Epilogue.IDENTITY, alone, 0, n, scratch);
      int m = 1000;
      float[] a = new float[m * k];
      for (int i = 0; i < m; i++) {
        System.arraycopy(row, 0, a, i * k, k);
      }
      float[] c = new float[m * n];
      kernel.multiply(m, a, 0, k, 1, packed, Epilogue.IDENTITY, c, 0, n, scratch);
      for (int i = 0; i < m; i++) {
        assertThat(Arrays.equals(c, i * n, i * n + n, alone, 0, n))
            .as("row %d, n %d", i, n)
            .isTrue();
      }
    }
  }

  /** One product with guard elements around C and behind its rows. */
  private final class Case {
    final int m;
    final int n;
    final int k;
    final float[] a;
    final float[] b;
    boolean transposeA;
    boolean transposeB;
    int gap;
    int elementStride = 1;
    Epilogue epilogue = Epilogue.IDENTITY;

    Case(Random random, int m, int n, int k) {
      this.m = m;
      this.n = n;
      this.k = k;
      this.a = KernelTwins.random(random, m * k + 3);
      this.b = KernelTwins.random(random, k * n + 3);
    }

    int rowStride() {
      return n + gap + 2;
    }

    void check(GemmKernel kernel) {
      float[] expected = expected();
      KernelTwins.assertSameBits(
          run(kernel, true), expected, "packed m=%d n=%d k=%d".formatted(m, n, k));
      KernelTwins.assertSameBits(
          run(kernel, false), expected, "unpacked m=%d n=%d k=%d".formatted(m, n, k));
      if (!transposeB && elementStride == 1) {
        KernelTwins.assertSameBits(
            runLeft(kernel), expected, "left packed m=%d n=%d k=%d".formatted(m, n, k));
      }
    }

    float[] guarded() {
      float[] c = new float[2 * GUARD + m * rowStride()];
      Arrays.fill(c, GUARD_VALUE);
      return c;
    }

    float[] expected() {
      float[] c = guarded();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          float sum = 0f;
          for (int p = 0; p < k; p++) {
            sum = Math.fma(a[i * k + p], b[p * n + j], sum);
          }
          c[GUARD + i * rowStride() + j] = KernelTwins.finish(epilogue, i, j, sum);
        }
      }
      return c;
    }

    /** Multiplies the same numbers, laid out as the case asks. */
    float[] run(GemmKernel kernel, boolean pack) {
      int aRow = elementStride * (transposeA ? 1 : k + gap);
      int aColumn = elementStride * (transposeA ? m + gap : 1);
      int bRow = elementStride * (transposeB ? 1 : n + gap);
      int bColumn = elementStride * (transposeB ? k + gap : 1);
      float[] aLaid = lay(a, m, k, aRow, aColumn);
      float[] bLaid = lay(b, k, n, bRow, bColumn);
      float[] c = guarded();
      if (pack) {
        PackedB packed = kernel.pack(bLaid, GUARD, k, n, bRow, bColumn);
        kernel.multiply(
            m, aLaid, GUARD, aRow, aColumn, packed, epilogue, c, GUARD, rowStride(), scratch);
      } else {
        kernel.multiply(
            m,
            n,
            k,
            aLaid,
            GUARD,
            aRow,
            aColumn,
            bLaid,
            GUARD,
            bRow,
            bColumn,
            epilogue,
            c,
            GUARD,
            rowStride(),
            scratch);
      }
      return c;
    }

    /** Multiplies with A packed. */
    float[] runLeft(GemmKernel kernel) {
      int aRow = transposeA ? 1 : k + gap;
      int aColumn = transposeA ? m + gap : 1;
      int bRow = n + gap;
      GemmKernel.PackedA packed =
          kernel.packLeft(lay(a, m, k, aRow, aColumn), GUARD, m, k, aRow, aColumn);
      float[] c = guarded();
      float[] bLaid = lay(b, k, n, bRow, 1);
      kernel.multiplyLeft(packed, n, bLaid, GUARD, bRow, epilogue, c, GUARD, rowStride(), scratch);
      return c;
    }

    /** The matrix at {@link #GUARD} in an array that ends with its last element. */
    float[] lay(float[] values, int rows, int columns, int rowStride, int columnStride) {
      if (rows == 0 || columns == 0) {
        return new float[GUARD];
      }
      float[] laid = new float[GUARD + (rows - 1) * rowStride + (columns - 1) * columnStride + 1];
      Arrays.fill(laid, Float.NaN);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          laid[GUARD + i * rowStride + j * columnStride] = values[i * columns + j];
        }
      }
      return laid;
    }
  }
}
