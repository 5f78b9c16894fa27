package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sparkonnx.engine.SampleNetworks.Network;
import io.sparkonnx.engine.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole models against ONNX Runtime on one thread, in alternating rounds; medians of the thread's
 * processor time, since machines are shared. All weights are seeded random numbers. No part of the
 * normal suite; run it by
 *
 * <pre>mvn -pl engine test -Dtest=ModelBenchmark -Dsparkonnx.conformance=FOLDER</pre>
 */
class ModelBenchmark {
  private static final int ROUNDS = 11;
  private static final long ROUND_NANOS = 300_000_000L;

  private record Ratio(double ours, double theirs) {
    double value() {
      return ours / theirs;
    }
  }

  @Test
  void matrixProduct() throws OrtException {
    assertThat(compare("MatMul 1024x1024x1024", SampleNetworks.matMul(1024), 1024).value())
        .isLessThan(1.5);
  }

  @Test
  void perceptron() throws OrtException {
    assertThat(compare("MLP 64-256-128-1, 4096 rows", SampleNetworks.mlp(), 4096).value())
        .isLessThan(1.5);
  }

  @Test
  void trees() throws OrtException {
    Network trees = SampleNetworks.trees(500, 8, 50);
    assertThat(compare("500 trees of depth 8, 4096 rows", trees, 4096).value()).isLessThan(1.0);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.7", "16, 0.7", "64, 0.6", "1024, 0.5", "4096, 0.5"})
  void digits(int rows, double most) throws OrtException {
    String name = "5x5 convolutions on 28x28, %d rows".formatted(rows);
    assertThat(compare(name, SampleNetworks.digits(28), rows).value()).isLessThan(most);
  }

  @Test
  void imageNetwork() throws Exception {
    Path file = ConformanceData.folder("light").resolve("light_resnet50/model.onnx");
    byte[] bytes = RandomWeights.of(file, 11);
    Ratio ratio = compare("ResNet-50, 1 image", bytes, "gpu_0/data_0", 1, 3, 224, 224);
    assertThat(ratio.value()).isLessThan(1.5);
  }

  private static Ratio compare(String name, Network network, int rows) throws OrtException {
    int[] dims = new int[network.row().length + 1];
    dims[0] = rows;
    System.arraycopy(network.row(), 0, dims, 1, network.row().length);
    return compare(name, network.bytes(), "x", dims);
  }

  private static Ratio compare(String name, byte[] bytes, String input, int... dims)
      throws OrtException {
    float[] x = new float[Tensor.sizeOf(dims)];
    Random random = new Random(1);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    long[] shape = Arrays.stream(dims).asLongStream().toArray();
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT);
        Session session = model.newSession();
        OrtSession peer = environment.createSession(bytes, options);
        OnnxTensor peerInput = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape)) {
      Map<String, Tensor> inputs = Map.of(input, Tensor.of(x, dims));
      Map<String, OnnxTensor> peerInputs = Map.of(input, peerInput);
      double[] ours = new double[ROUNDS];
      double[] theirs = new double[ROUNDS];
      for (int round = -2; round < ROUNDS; round++) {
        double mine = millis(() -> session.run(inputs));
        double other = millis(() -> peer.run(peerInputs).close());
        if (round >= 0) {
          ours[round] = mine;
          theirs[round] = other;
        }
      }
      Ratio ratio = new Ratio(median(ours), median(theirs));
      System.out.println(
          String.format(
              Locale.ROOT,
              "%-34s ours %9.3f ms, ONNX Runtime %9.3f ms, ratio %.2f (%s)",
              name,
              ratio.ours(),
              ratio.theirs(),
              ratio.value(),
              model.kernels()));
      return ratio;
    }
  }

  private interface Run {
    void once() throws OrtException;
  }

  /** Processor time of one run, averaged over a round. */
  private static double millis(Run run) throws OrtException {
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long now = begin;
    int runs = 0;
    while (now - begin < ROUND_NANOS) {
      run.once();
      runs++;
      now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
    return (now - begin) / 1e6 / runs;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
