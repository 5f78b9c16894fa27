package io.sparkonnx.engine.kernel.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.kernel.ConvolutionKernel;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.Window;
import io.sparkonnx.engine.kernel.scalar.ScalarKernels;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The tilings of all families of devices, run on the device that is there. */
class TilingTest {
  private static DeviceTwins on;

  private final Kernels scalar = new ScalarKernels();
  private final Scratch scratch = new Scratch();

  @BeforeAll
  static void open() {
    on = new DeviceTwins();
  }

  @AfterAll
  static void close() {
    if (on != null) {
      on.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CPU, pocl, CPU",
    "CPU, GenuineIntel, CPU",
    "GPU, NVIDIA Corporation, NVIDIA",
    "GPU, 'Advanced Micro Devices, Inc.', AMD",
    "GPU, AMD, AMD",
    "GPU, Intel(R) Corporation, INTEL",
    "GPU, ARM, OTHER",
    "ACCELERATOR, Xilinx, OTHER"
  })
  void aDevicesFamilyFollowsFromItsKindAndVendor(
      DeviceInfo.Kind kind, String vendor, Tiling.Family family) {
    DeviceInfo device =
        new DeviceInfo(
            "id", "name", vendor, "1", "p", kind, 1, 1, 1, 1, 256, true, true, true, true);
    assertThat(Tiling.Family.of(device)).isEqualTo(family);
  }

  @ParameterizedTest
  @EnumSource(Tiling.Family.class)
  void tilesCutAsTheKernelsNeed(Tiling.Family family) {
    for (Tiling tiling : family.tilings()) {
      int items = tiling.side() * tiling.side();
      assertThat(items).isLessThanOrEqualTo(256);
      assertThat(items % tiling.tile()).isZero();
      assertThat(tiling.tile() % (4 * tiling.side())).isZero();
    }
  }

  @Test
  void fewTilesAreNarrowAndManyAreWide() {
    assertThat(Tiling.Family.NVIDIA.choose(64, 64, 1, 100).tile()).isEqualTo(64);
    assertThat(Tiling.Family.NVIDIA.choose(64, 64, 100, 100).tile()).isEqualTo(128);
    assertThat(Tiling.Family.NVIDIA.choose(4096, 4096, 1, 100).tile()).isEqualTo(128);
  }

  @ParameterizedTest
  @EnumSource(Tiling.Family.class)
  void productsOfAwkwardSizes(Tiling.Family family) {
    for (Tiling tiling : family.tilings()) {
      for (int m : new int[] {1, 17, tiling.tile() + 1}) {
        for (int n : new int[] {1, 33, tiling.tile(), 2 * tiling.tile() + 3}) {
          for (int k : new int[] {0, 1, 15, 16, 33, 300}) {
            product(family, tiling, m, n, k, k % 2 == 0, DeviceTwins.random(m + k, m * k));
          }
        }
      }
      float[] extreme = DeviceTwins.values(5, 33 * 40);
      product(family, tiling, 33, 35, 40, true, extreme);
      product(family, tiling, 33, 35, 40, false, extreme);
    }
  }

  /** A sum of −0 must stay so behind the last step of k. */
  @ParameterizedTest
  @EnumSource(Tiling.Family.class)
  void productsThatVanishBelowZero(Tiling.Family family) {
    for (Tiling tiling : family.tilings()) {
      float[] a = new float[5 * 3];
      Arrays.fill(a, -1e-30f);
      float[] b = new float[3 * 6];
      Arrays.fill(b, 1e-30f);
      float[] expected = gemm(5, 6, 3, false, a, b, Epilogue.IDENTITY);
      assertThat(Float.floatToRawIntBits(expected[0])).isEqualTo(Integer.MIN_VALUE);
      DeviceArray c = on.empty(30);
      run(family, tiling, 5, 6, 3, false, on.up(a), on.up(b), c, DeviceEpilogue.IDENTITY);
      on.assertBits(c, expected, "products below the least number");
    }
  }

  private float[] gemm(
      int m, int n, int k, boolean transposed, float[] a, float[] b, Epilogue epilogue) {
    float[] c = new float[m * n];
    int ar = transposed ? 1 : k;
    int ac = transposed ? m : 1;
    int br = transposed ? 1 : n;
    int bc = transposed ? k : 1;
    scalar.gemm().multiply(m, n, k, a, 0, ar, ac, b, 0, br, bc, epilogue, c, 0, n, scratch);
    return c;
  }

  private void product(
      Tiling.Family family, Tiling tiling, int m, int n, int k, boolean transposed, float[] a) {
    float[] b = DeviceTwins.random(7, k * n);
    float[] bias = DeviceTwins.random(8, n);
    Epilogue epilogue = new Epilogue(0.7f, BiasAxis.COLUMN, bias, UnaryFunction.RELU, 0f, 0f);
    DeviceArray c = on.empty(m * n);
    DeviceEpilogue there = new DeviceEpilogue(epilogue, on.up(bias));
    run(family, tiling, m, n, k, transposed, on.up(a), on.up(b), c, there);
    on.assertBits(
        c,
        gemm(m, n, k, transposed, a, b, epilogue),
        tiling + ": " + m + " " + n + " " + k + " transposed " + transposed);
  }

  private static void run(
      Tiling.Family family,
      Tiling tiling,
      int m,
      int n,
      int k,
      boolean transposed,
      DeviceArray a,
      DeviceArray b,
      DeviceArray c,
      DeviceEpilogue epilogue) {
    Launch.tiles(
        on.queue,
        family,
        tiling,
        "gemm",
        m,
        n,
        1,
        ProductKernels.arguments(
            m,
            n,
            k,
            new ProductKernels.Matrix(a, transposed ? 1 : k, transposed ? m : 1, 0),
            new ProductKernels.Matrix(b, transposed ? 1 : n, transposed ? k : 1, 0),
            c,
            epilogue));
  }

  @ParameterizedTest
  @EnumSource(Tiling.Family.class)
  void convolutions(Tiling.Family family) {
    Window window =
        new Window(
            new int[] {2, 3},
            new int[] {1, 2},
            new int[] {1, 1},
            new int[] {1, 1},
            new int[] {0, 2},
            false);
    int[] spatial = {9, 14};
    int plane = window.outputLength(0, 9) * window.outputLength(1, 14);
    int outputs = 70;
    float[] x = DeviceTwins.values(1, 3 * 10 * 9 * 14);
    float[] w = DeviceTwins.random(2, 2 * outputs * 5 * 6);
    float[] bias = DeviceTwins.random(3, 2 * outputs);
    Epilogue epilogue = new Epilogue(1f, BiasAxis.ROW, bias, UnaryFunction.RELU, 0f, 0f);
    float[] expected = new float[3 * 2 * outputs * plane];
    ConvolutionKernel kernel = scalar.convolution();
    kernel.run(
        kernel.pack(window, 2, 10, 2 * outputs, w, 0, epilogue, false),
        3,
        spatial,
        x,
        0,
        expected,
        0,
        scratch);
    for (Tiling tiling : family.tilings()) {
      DeviceArray y = on.empty(expected.length);
      DeviceEpilogue there = new DeviceEpilogue(epilogue, on.up(bias));
      Launch.tiles(
          on.queue,
          family,
          tiling,
          "convolution",
          outputs,
          3 * plane,
          2,
          WindowKernels.convolutionArguments(
              window, 2, 10, 2 * outputs, 3, spatial, on.up(x), on.up(w), y, there));
      on.assertBits(y, expected, tiling.toString());
    }
  }
}
