package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.Window;
import io.sparkonnx.engine.kernel.scalar.ScalarKernels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The device's kernels against the scalar ones, bit by bit. */
class OpenClKernelTest {
  private static final int[] SIZES = {1, 15, 16, 17, 63, 64, 65, 1000};

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
  @EnumSource(UnaryFunction.class)
  void unaryFunctions(UnaryFunction f) {
    for (int size : new int[] {1, 63, 64, 65, 40_000}) {
      float[] x = DeviceTwins.values(f.ordinal() + size, size);
      float alpha = f == UnaryFunction.CLIP ? -0.75f : 1.7f;
      float[] expected = new float[size];
      scalar.unary().apply(f, alpha, 0.9f, x, 0, expected, 0, size);
      DeviceArray y = on.empty(size);
      ElementwiseKernels.unary(on.queue, f, alpha, 0.9f, on.up(x), y, size);
      on.assertBits(y, expected, f + " of " + size);
      DeviceArray same = on.up(x);
      ElementwiseKernels.unary(on.queue, f, alpha, 0.9f, same, same, size);
      on.assertBits(same, expected, f + " in place");
    }
  }

  @ParameterizedTest
  @EnumSource(BinaryFunction.class)
  void binaryFunctionsBroadcastAlongEveryAxis(BinaryFunction f) {
    int[] dims = {3, 5, 7, 33};
    int length = 3 * 5 * 7 * 33;
    float[] a = DeviceTwins.values(f.ordinal(), length);
    float[] b = DeviceTwins.values(f.ordinal() + 99, length);
    int[] whole = {5 * 7 * 33, 7 * 33, 33, 1};
    for (int mask = 0; mask < 16; mask++) {
      int[] strides = new int[4];
      int step = 1;
      for (int axis = 3; axis >= 0; axis--) {
        boolean kept = (mask >> axis & 1) != 0;
        strides[axis] = kept ? step : 0;
        step *= kept ? dims[axis] : 1;
      }
      float[] spread = new float[length];
      for (int i = 0; i < length; i++) {
        int at = 0;
        for (int axis = 0; axis < 4; axis++) {
          at += i / whole[axis] % dims[axis] * strides[axis];
        }
        spread[i] = b[at];
      }
      float[] expected = new float[length];
      scalar.binary().apply(f, a, 0, 1, spread, 0, 1, expected, 0, length);
      DeviceArray y = on.empty(length);
      ElementwiseKernels.binary(on.queue, f, on.up(a), whole, on.up(b), strides, y, dims);
      on.assertBits(y, expected, f + " mask " + mask);
    }
  }

  @Test
  void anAffineFunctionPerChannel() {
    float[] x = DeviceTwins.values(1, 2 * 5 * 13);
    float[] scale = DeviceTwins.random(2, 5);
    float[] shift = DeviceTwins.random(3, 5);
    float[] expected = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = Math.fma(x[i], scale[i / 13 % 5], shift[i / 13 % 5]);
    }
    DeviceArray y = on.empty(x.length);
    ElementwiseKernels.affine(on.queue, on.up(x), on.up(scale), on.up(shift), y, 2, 5, 13);
    on.assertBits(y, expected, "affine");
  }

  @Test
  void copiesTakeStridesOnBothSides() {
    float[] x = DeviceTwins.values(1, 3 * 4 * 5);
    float[] expected = new float[2 * 60];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 4; j++) {
        for (int k = 0; k < 5; k++) {
          expected[((k * 4 + j) * 3 + i) * 2] = x[(i * 4 + j) * 5 + k];
        }
      }
    }
    DeviceArray y = on.empty(120);
    ElementwiseKernels.copy(
        on.queue,
        on.up(x),
        new int[] {0, 1, 5, 20},
        y,
        new int[] {0, 24, 6, 2},
        new int[] {1, 5, 4, 3});
    on.assertBits(y, expected, "transposed copy");
  }

  @Test
  void productsOfAwkwardSizes() {
    for (int m : new int[] {1, 5, 64, 65}) {
      for (int n : new int[] {1, 17, 63, 130}) {
        for (int k : new int[] {0, 1, 15, 16, 33, 300}) {
          product(m, n, k, Epilogue.IDENTITY, DeviceTwins.random(m + k, m * k));
        }
      }
    }
  }

  @Test
  void productsOfExtremeValues() {
    product(33, 35, 40, Epilogue.IDENTITY, DeviceTwins.values(5, 33 * 40));
  }

  @ParameterizedTest
  @EnumSource(UnaryFunction.class)
  void everyActivationFollowsAProduct(UnaryFunction f) {
    for (BiasAxis axis : BiasAxis.values()) {
      float[] bias = axis == BiasAxis.NONE ? null : DeviceTwins.random(9, 70);
      product(
          66,
          70,
          20,
          new Epilogue(-0.37f, axis, bias, f, -0.5f, 0.75f),
          DeviceTwins.random(4, 66 * 20));
    }
  }

  private void product(int m, int n, int k, Epilogue epilogue, float[] a) {
    float[] b = DeviceTwins.random(7, k * n);
    float[] expected = new float[m * n];
    scalar.gemm().multiply(m, n, k, a, 0, k, 1, b, 0, n, 1, epilogue, expected, 0, n, scratch);
    DeviceArray c = on.empty(m * n);
    DeviceArray bias = epilogue.bias() == null ? null : on.up(epilogue.bias());
    ProductKernels.multiply(
        on.queue,
        1,
        m,
        n,
        k,
        new ProductKernels.Matrix(on.up(a), k, 1, 0),
        new ProductKernels.Matrix(on.up(b), n, 1, 0),
        c,
        new DeviceEpilogue(epilogue, bias));
    on.assertBits(c, expected, "product " + m + " " + n + " " + k + " " + epilogue);
  }

  @Test
  void layersOfTransposedMatrices() {
    int m = 5;
    int n = 9;
    int k = 21;
    float[] a = DeviceTwins.random(1, 3 * m * k);
    float[] b = DeviceTwins.random(2, k * n);
    float[] expected = new float[3 * m * n];
    for (int z = 0; z < 3; z++) {
      scalar
          .gemm()
          .multiply(
              m,
              n,
              k,
              a,
              z * m * k,
              1,
              m,
              b,
              0,
              1,
              k,
              Epilogue.IDENTITY,
              expected,
              z * m * n,
              n,
              scratch);
    }
    DeviceArray c = on.empty(expected.length);
    ProductKernels.multiply(
        on.queue,
        3,
        m,
        n,
        k,
        new ProductKernels.Matrix(on.up(a), 1, m, m * k),
        new ProductKernels.Matrix(on.up(b), 1, k, 0),
        c,
        DeviceEpilogue.IDENTITY);
    on.assertBits(c, expected, "layers");
  }

  @Test
  void convolutionsOfGroupsStridesDilationsAndPadding() {
    Window plain = new Window(ints(3, 3), ints(1, 1), ints(1, 1), ints(1, 1), ints(1, 1), false);
    convolution(plain, 1, 3, 17, 2, ints(9, 11), UnaryFunction.RELU);
    convolution(plain, 1, 3, 70, 3, ints(9, 11), UnaryFunction.SIGMOID);
    convolution(plain, 6, 6, 6, 2, ints(8, 5), null);
    convolution(plain, 2, 6, 20, 2, ints(8, 5), UnaryFunction.CLIP);
    Window far = new Window(ints(2, 3), ints(2, 3), ints(3, 2), ints(0, 4), ints(2, 1), false);
    convolution(far, 1, 5, 9, 2, ints(13, 14), null);
    convolution(
        new Window(ints(5), ints(2), ints(1), ints(2), ints(3), false), 1, 4, 8, 3, ints(31), null);
    Window cube =
        new Window(
            ints(2, 3, 2), ints(1, 2, 1), ints(1, 1, 2), ints(1, 0, 2), ints(0, 1, 1), false);
    convolution(cube, 1, 3, 10, 2, ints(5, 6, 7), UnaryFunction.RELU);
    convolution(cube, 3, 3, 3, 2, ints(5, 6, 7), null);
  }

  private void convolution(
      Window window, int groups, int in, int out, int batch, int[] spatial, UnaryFunction f) {
    int plane = 1;
    int taps = 1;
    int outPlane = 1;
    for (int axis = 0; axis < spatial.length; axis++) {
      plane *= spatial[axis];
      taps *= window.kernel()[axis];
      outPlane *= window.outputLength(axis, spatial[axis]);
    }
    float[] x = DeviceTwins.random(1, batch * in * plane);
    x[plane / 2] = Float.NaN;
    x[plane] = Float.POSITIVE_INFINITY;
    float[] w = DeviceTwins.random(2, out * in / groups * taps);
    w[0] = Float.NEGATIVE_INFINITY;
    float[] bias = DeviceTwins.random(3, out);
    Epilogue epilogue = new Epilogue(1f, BiasAxis.ROW, bias, f, -0.5f, 0.75f);
    float[] expected = new float[batch * out * outPlane];
    scalar
        .convolution()
        .run(
            scalar.convolution().pack(window, groups, in, out, w, 0, epilogue, false),
            batch,
            spatial,
            x,
            0,
            expected,
            0,
            scratch);
    DeviceArray y = on.empty(expected.length);
    DeviceEpilogue there = new DeviceEpilogue(epilogue, on.up(bias));
    WindowKernels.convolve(
        on.queue, window, groups, in, out, batch, spatial, on.up(x), on.up(w), y, there);
    on.assertBits(y, expected, window + " groups " + groups);
  }

  @Test
  void poolsOfPaddedAndPartialWindows() {
    for (boolean ceil : new boolean[] {false, true}) {
      pool(
          new Window(ints(3, 2), ints(2, 3), ints(1, 2), ints(1, 1), ints(2, 1), ceil),
          ints(9, 14));
      pool(new Window(ints(2), ints(2), ints(1), ints(0), ints(1), ceil), ints(31));
      pool(
          new Window(
              ints(2, 2, 3), ints(2, 1, 2), ints(1, 1, 1), ints(1, 0, 1), ints(0, 1, 1), ceil),
          ints(5, 6, 7));
    }
  }

  private void pool(Window window, int[] spatial) {
    int plane = 1;
    int outPlane = 1;
    for (int axis = 0; axis < spatial.length; axis++) {
      plane *= spatial[axis];
      outPlane *= window.outputLength(axis, spatial[axis]);
    }
    float[] x = DeviceTwins.values(4, 6 * plane);
    float[] expected = new float[6 * outPlane];
    DeviceArray y = on.empty(expected.length);
    scalar.pool().max(window, 6, spatial, x, 0, expected, 0, scratch);
    WindowKernels.max(on.queue, window, 6, spatial, on.up(x), y);
    on.assertBits(y, expected, "max " + window);
    for (boolean padded : new boolean[] {false, true}) {
      scalar.pool().average(window, padded, 6, spatial, x, 0, expected, 0, scratch);
      y = on.empty(expected.length);
      WindowKernels.average(on.queue, window, padded, 6, spatial, on.up(x), y);
      on.assertBits(y, expected, "average " + padded + window);
    }
  }

  @ParameterizedTest
  @EnumSource(ReduceFunction.class)
  void reductions(ReduceFunction f) {
    for (int length : SIZES) {
      for (boolean extreme : new boolean[] {false, true}) {
        float[] x =
            extreme
                ? DeviceTwins.values(length, 5 * length)
                : DeviceTwins.random(length, 5 * length);
        float[] expected = new float[5];
        scalar.reduce().rows(f, x, 0, 5, length, expected, 0);
        DeviceArray y = on.empty(5);
        RowKernels.reduceRows(on.queue, f, on.up(x), 5, length, y);
        on.assertBits(y, expected, f + " rows of " + length);
        scalar.reduce().columns(f, x, 0, 1, length, 5, expected, 0);
        y = on.empty(5);
        RowKernels.reduceColumns(on.queue, f, on.up(x), 1, length, 5, y);
        on.assertBits(y, expected, f + " columns of " + length);
      }
    }
  }

  @Test
  void softmaxOfOrdinaryAndExtremeRows() {
    for (int length : SIZES) {
      for (int seed = 0; seed < 2; seed++) {
        float[] x =
            seed == 0 ? DeviceTwins.random(1, 7 * length) : DeviceTwins.values(1, 7 * length);
        float[] expected = new float[x.length];
        scalar.softmax().softmax(x, 0, 7, length, expected, 0);
        DeviceArray y = on.empty(x.length);
        RowKernels.softmax(on.queue, false, on.up(x), 7, length, y);
        on.assertBits(y, expected, "softmax of " + length);
        scalar.softmax().logSoftmax(x, 0, 7, length, expected, 0);
        DeviceArray same = on.up(x);
        RowKernels.softmax(on.queue, true, same, 7, length, same);
        on.assertBits(same, expected, "logarithm of softmax of " + length);
      }
    }
  }

  @Test
  void normalisedRows() {
    for (int length : SIZES) {
      float[] x = DeviceTwins.random(1, 7 * length);
      float[] scale = DeviceTwins.random(2, length);
      for (float[] bias : new float[][] {null, DeviceTwins.random(3, length)}) {
        float[] expected = new float[x.length];
        scalar
            .normalization()
            .layerNorm(x, 0, 7, length, scale, 0, bias, 0, 1e-5f, expected, 0, null, 0, null, 0);
        DeviceArray y = on.empty(x.length);
        DeviceArray shift = bias == null ? null : on.up(bias);
        RowKernels.layerNorm(
            on.queue, on.up(x), 7, length, on.up(scale), shift, 1e-5f, y, null, null);
        on.assertBits(y, expected, "normalised rows of " + length);
      }
    }
  }

  private static int[] ints(int... values) {
    return values;
  }
}
