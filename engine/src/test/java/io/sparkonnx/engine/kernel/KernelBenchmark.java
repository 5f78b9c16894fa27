package io.sparkonnx.engine.kernel;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.simd.SimdConvolution;
import io.sparkonnx.engine.kernel.simd.SimdGemm;
import io.sparkonnx.engine.kernel.simd.SimdPool;
import io.sparkonnx.engine.kernel.simd.SimdUnary;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Times the SIMD kernels, ONNX Runtime on one thread, and the processor's peak in alternating
 * rounds, in processor time of the one thread that all use, since machines are shared; prints
 * medians. Run {@code main} with {@code --add-modules jdk.incubator.vector}; arguments select cases
 * by name.
 */
final class KernelBenchmark {
  private static final int ROUNDS = 15;
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Random random = new Random(1);
  private final Scratch scratch = new Scratch();
  private final UnaryKernel unary = new SimdUnary();
  private final GemmKernel gemm = new SimdGemm(unary);
  private final ConvolutionKernel convolution = new SimdConvolution(unary);
  private final PoolKernel pool = new SimdPool();
  private final String[] selected;

  private KernelBenchmark(String[] selected) {
    this.selected = selected;
  }

  public static void main(String[] args) throws OrtException {
    System.out.printf(
        "%-34s %10s %10s %8s %8s %6s%n", "case", "ours ms", "peer ms", "GFLOP/s", "of peak", "x");
    KernelBenchmark benchmark = new KernelBenchmark(args);
    for (int size : new int[] {32, 64, 128, 256, 512, 1024}) {
      benchmark.matMul(size, size, size);
    }
    benchmark.matMul(1, 1024, 1024);
    benchmark.matMul(4, 1024, 1024);
    benchmark.matMul(4096, 10, 128);
    benchmark.matMul(4096, 1, 128);
    benchmark.mlp(4096);
    benchmark.mlp(64);
    benchmark.mlp(1);
    benchmark.convolve(8, 128, 128, 28, 3, 1, 1);
    benchmark.convolve(1, 128, 128, 28, 3, 1, 1);
    benchmark.convolve(8, 256, 1024, 14, 1, 1, 1);
    benchmark.convolve(1, 256, 1024, 14, 1, 1, 1);
    benchmark.convolve(1, 64, 64, 56, 3, 1, 1);
    benchmark.convolve(8, 512, 512, 7, 3, 1, 1);
    benchmark.convolve(1, 512, 512, 7, 3, 1, 1);
    benchmark.convolve(1, 3, 64, 224, 7, 2, 1);
    benchmark.convolve(1, 256, 512, 28, 1, 2, 1);
    benchmark.convolve(1, 64, 32, 224, 3, 1, 1);
    benchmark.convolve(1, 128, 128, 56, 3, 1, 128);
    benchmark.convolve(1, 96, 96, 112, 3, 2, 96);
    benchmark.convolve(8, 512, 512, 14, 3, 1, 512);
    benchmark.convolve(1, 128, 128, 28, 5, 1, 128);
    benchmark.convolve(1, 128, 128, 28, 3, 1, 32);
    for (int batch : new int[] {1, 32}) {
      benchmark.layers(batch);
    }
    System.out.println("consumed " + benchmark.consumed);
  }

  /** The steps of small networks over 28×28 images, and their first steps taken apart. */
  private void layers(int batch) throws OrtException {
    layer(batch, 1, 8, 28, 5);
    layer(batch, 8, 16, 14, 5);
    matMul(batch, 10, 16 * 7 * 7);
    layer(batch, 1, 32, 28, 3);
    layer(batch, 32, 64, 14, 3);
    convolve(batch, 1, 8, 28, 5, 1, 1);
    halve(batch, 8, 28);
    convolve(batch, 8, 16, 14, 5, 1, 1);
    halve(batch, 16, 14);
  }

  private boolean skip(String name) {
    return selected.length > 0 && Arrays.stream(selected).noneMatch(name::contains);
  }

  private void matMul(int m, int n, int k) throws OrtException {
    String name = "matmul " + m + "x" + n + "x" + k;
    if (skip(name)) {
      return;
    }
    float[] a = KernelTwins.random(random, m * k);
    float[] b = KernelTwins.random(random, k * n);
    float[] c = new float[m * n];
    GemmKernel.PackedB packed = gemm.pack(b, 0, k, n, n, 1);
    byte[] model =
        new OneNodeModel(new int[] {m, k})
            .constant("b", b, k, n)
            .node("MatMul", new String[] {"x", "b"}, "y")
            .toBytes();
    Runnable ours = () -> gemm.multiply(m, a, 0, k, 1, packed, Epilogue.IDENTITY, c, 0, n, scratch);
    report(name, 2.0 * m * n * k, ours, model, a, c, m, k);
  }

  private void mlp(int m) throws OrtException {
    String name = "mlp 64-256-128-1 rows " + m;
    if (skip(name)) {
      return;
    }
    int[] widths = {64, 256, 128, 1};
    float[] x = KernelTwins.random(random, m * 64);
    OneNodeModel model = new OneNodeModel(new int[] {m, 64});
    float[][] values = new float[4][];
    GemmKernel.PackedB[] packed = new GemmKernel.PackedB[3];
    Epilogue[] epilogues = new Epilogue[3];
    values[0] = x;
    String input = "x";
    for (int layer = 0; layer < 3; layer++) {
      int k = widths[layer];
      int n = widths[layer + 1];
      float[] w = KernelTwins.random(random, k * n);
      float[] bias = KernelTwins.random(random, n);
      values[layer + 1] = new float[m * n];
      packed[layer] = gemm.pack(w, 0, k, n, n, 1);
      epilogues[layer] = Epilogue.IDENTITY.withBias(BiasAxis.COLUMN, bias);
      model.constant("w" + layer, w, k, n).constant("b" + layer, bias, n);
      String[] inputs = {input, "w" + layer, "b" + layer};
      if (layer < 2) {
        epilogues[layer] = epilogues[layer].withActivation(UnaryFunction.RELU, 0f, 0f);
        model.node("Gemm", inputs, "h" + layer);
        model.node("Relu", new String[] {"h" + layer}, "r" + layer);
        input = "r" + layer;
      } else {
        model.node("Gemm", inputs, "y");
      }
    }
    int block = 256;
    Runnable ours =
        () -> {
          for (int i = 0; i < m; i += block) {
            int rows = Math.min(block, m - i);
            for (int layer = 0; layer < 3; layer++) {
              int k = widths[layer];
              int n = widths[layer + 1];
              int from = layer == 0 ? i * k : 0;
              int to = layer == 2 ? i : 0;
              gemm.multiply(
                  rows,
                  values[layer],
                  from,
                  k,
                  1,
                  packed[layer],
                  epilogues[layer],
                  values[layer + 1],
                  to,
                  n,
                  scratch);
            }
          }
        };
    double work = 2.0 * m * (64 * 256 + 256 * 128 + 128);
    report(name, work, ours, model.toBytes(), x, values[3], m, 64);
  }

  private void convolve(
      int batch, int inputs, int outputs, int size, int kernel, int stride, int groups)
      throws OrtException {
    convolve(batch, inputs, outputs, size, kernel, stride, groups, false);
  }

  /** A layer of a small network: with the whole image's padding, ReLU and 2×2 max pooling. */
  private void layer(int batch, int inputs, int outputs, int size, int kernel) throws OrtException {
    convolve(batch, inputs, outputs, size, kernel, 1, 1, true);
  }

  private void convolve(
      int batch,
      int inputs,
      int outputs,
      int size,
      int kernel,
      int stride,
      int groups,
      boolean pooled)
      throws OrtException {
    String name =
        "conv%d%s %dx%dx%d->%d /%d g%d"
            .formatted(kernel, pooled ? "+pool" : "", batch, inputs, size, outputs, stride, groups);
    if (skip(name)) {
      return;
    }
    int pad = kernel / 2;
    int[] pads = {pad, pad};
    int[] strides = {stride, stride};
    Window window =
        new Window(new int[] {kernel, kernel}, strides, new int[] {1, 1}, pads, pads, false);
    int out = window.outputLength(0, size);
    float[] x = KernelTwins.random(random, batch * inputs * size * size);
    float[] w = KernelTwins.random(random, outputs * inputs / groups * kernel * kernel);
    float[] bias = KernelTwins.random(random, outputs);
    int result = pooled ? out / 2 : out;
    float[] y = new float[batch * outputs * result * result];
    Epilogue epilogue =
        Epilogue.IDENTITY.withBias(BiasAxis.ROW, bias).withActivation(UnaryFunction.RELU, 0f, 0f);
    ConvolutionKernel.Packed packed =
        convolution.pack(window, groups, inputs, outputs, w, 0, epilogue, pooled);
    OneNodeModel model =
        new OneNodeModel(new int[] {batch, inputs, size, size})
            .constant("w", w, outputs, inputs / groups, kernel, kernel)
            .constant("b", bias, outputs)
            .node(
                "Conv",
                new String[] {"x", "w", "b"},
                "c",
                "strides",
                strides,
                "pads",
                new int[] {pad, pad, pad, pad},
                "group",
                groups)
            .node("Relu", new String[] {"c"}, pooled ? "r" : "y");
    if (pooled) {
      int[] two = {2, 2};
      model.node("MaxPool", new String[] {"r"}, "y", "kernel_shape", two, "strides", two);
    }
    int[] spatial = {size, size};
    Runnable ours = () -> convolution.run(packed, batch, spatial, x, 0, y, 0, scratch);
    double work = 2.0 * batch * outputs * out * out * inputs / groups * kernel * kernel;
    report(name, work, ours, model.toBytes(), x, y, batch, inputs, size, size);
  }

  /** Max pooling by windows of 2×2, side by side. */
  private void halve(int batch, int channels, int size) throws OrtException {
    String name = "pool2 %dx%dx%d /2".formatted(batch, channels, size);
    if (skip(name)) {
      return;
    }
    int[] two = {2, 2};
    int[] none = {0, 0};
    Window window = new Window(two, two, new int[] {1, 1}, none, none, false);
    float[] x = KernelTwins.random(random, batch * channels * size * size);
    float[] y = new float[batch * channels * (size / 2) * (size / 2)];
    byte[] model =
        new OneNodeModel(new int[] {batch, channels, size, size})
            .node("MaxPool", new String[] {"x"}, "y", "kernel_shape", two, "strides", two)
            .toBytes();
    int[] spatial = {size, size};
    Runnable ours = () -> pool.max(window, batch * channels, spatial, x, 0, y, 0, scratch);
    report(name, x.length, ours, model, x, y, batch, channels, size, size);
  }

  private void report(
      String name, double work, Runnable ours, byte[] model, float[] x, float[] y, long... shape)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape)) {
        Map<String, OnnxTensor> inputs = Map.of("x", input);
        Runnable peer =
            () -> {
              try (OrtSession.Result result = session.run(inputs)) {
                consumed += result.size();
              } catch (OrtException e) {
                throw new IllegalStateException(e);
              }
            };
        agree(name, ours, session, inputs, y);
        time(name, work, ours, peer);
      }
    }
  }

  private long consumed;

  private static void agree(
      String name, Runnable ours, OrtSession session, Map<String, OnnxTensor> inputs, float[] y)
      throws OrtException {
    ours.run();
    try (OrtSession.Result result = session.run(inputs)) {
      FloatBuffer expected = ((OnnxTensor) result.get(0)).getFloatBuffer();
      for (int i = 0; i < y.length; i++) {
        float other = expected.get(i);
        if (Math.abs(y[i] - other) > 1e-3 * (1 + Math.abs(other))) {
          throw new IllegalStateException(name + ": " + i + ": " + y[i] + ", peer " + other);
        }
      }
    }
  }

  private void time(String name, double work, Runnable ours, Runnable peer) {
    int repeats = repeats(ours);
    int peerRepeats = repeats(peer);
    double[] own = new double[ROUNDS];
    double[] other = new double[ROUNDS];
    double[] peak = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      own[round] = measure(ours, repeats);
      other[round] = measure(peer, peerRepeats);
      peak[round] = peak();
    }
    Arrays.sort(own);
    Arrays.sort(other);
    Arrays.sort(peak);
    double seconds = own[ROUNDS / 2];
    double rate = work / seconds;
    System.out.printf(
        Locale.ROOT,
        "%-34s %10.4f %10.4f %8.1f %8.2f %6.2f%n",
        name,
        seconds * 1e3,
        other[ROUNDS / 2] * 1e3,
        rate / 1e9,
        rate / peak[ROUNDS / 2],
        seconds / other[ROUNDS / 2]);
  }

  /** Warms up, then says how often to repeat for some 20 ms. */
  private static int repeats(Runnable action) {
    long end = cpuTime() + 1_200_000_000L;
    int runs = 0;
    while (cpuTime() < end) {
      action.run();
      runs++;
    }
    return Math.max(1, runs / 20);
  }

  private static double measure(Runnable action, int repeats) {
    long start = cpuTime();
    for (int i = 0; i < repeats; i++) {
      action.run();
    }
    return (cpuTime() - start) * 1e-9 / repeats;
  }

  /** Nanoseconds that this thread has had a processor. */
  private static long cpuTime() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** FLOP per second of independent fma chains. */
  private double peak() {
    int steps = 200_000;
    long start = cpuTime();
    consumed += (long) chains(steps);
    return 12.0 * 2 * SPECIES.length() * steps / ((cpuTime() - start) * 1e-9);
  }

  private static float chains(int steps) {
    FloatVector a = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector b = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector s0 = a;
    FloatVector s1 = a;
    FloatVector s2 = a;
    FloatVector s3 = a;
    FloatVector s4 = a;
    FloatVector s5 = a;
    FloatVector s6 = a;
    FloatVector s7 = a;
    FloatVector s8 = a;
    FloatVector s9 = a;
    FloatVector s10 = a;
    FloatVector s11 = a;
    for (int i = 0; i < steps; i++) {
      s0 = a.fma(s0, b);
      s1 = a.fma(s1, b);
      s2 = a.fma(s2, b);
      s3 = a.fma(s3, b);
      s4 = a.fma(s4, b);
      s5 = a.fma(s5, b);
      s6 = a.fma(s6, b);
      s7 = a.fma(s7, b);
      s8 = a.fma(s8, b);
      s9 = a.fma(s9, b);
      s10 = a.fma(s10, b);
      s11 = a.fma(s11, b);
    }
    FloatVector low = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    return low.add(s6).add(s7).add(s8).add(s9).add(s10).add(s11).lane(0);
  }
}
