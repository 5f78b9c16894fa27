package io.sparkonnx.engine;

import io.sparkonnx.engine.SampleNetworks.Network;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Scores the same rows in batches of several sizes and prints one hash of the output bits per
 * network and batch size. Run in JVMs of different settings by {@link BitEqualityTest}.
 */
final class OutputHashes {
  private OutputHashes() {}

  /**
   * @param args number of rows, kernel set, batch sizes
   */
  public static void main(String[] args) {
    int rows = Integer.parseInt(args[0]);
    for (int i = 2; i < args.length; i++) {
      for (Map.Entry<String, Long> hash : of(rows, args[1], Integer.parseInt(args[i])).entrySet()) {
        System.out.println("hash " + hash.getKey() + " " + hash.getValue());
      }
    }
  }

  /** The hash of every network's outputs, by its name. */
  static Map<String, Long> of(int rows, String kernels, int batch) {
    Map<String, Long> hashes = new TreeMap<>();
    for (Map.Entry<String, Network> entry : SampleNetworks.all().entrySet()) {
      Network network = entry.getValue();
      try (Model model = Model.load(network.bytes(), LoadOptions.DEFAULT.withKernels(kernels));
          Session session = model.newSession()) {
        hashes.put(entry.getKey(), hash(session, network.row(), rows, batch));
      }
    }
    return hashes;
  }

  private static long hash(Session session, int[] row, int rows, int batch) {
    int width = Tensor.sizeOf(row);
    float[] x = inputs(rows * width);
    long hash = 17;
    for (int from = 0; from < rows; from += batch) {
      List<Integer> dims = new ArrayList<>();
      dims.add(Math.min(batch, rows - from));
      for (int dim : row) {
        dims.add(dim);
      }
      int[] shape = dims.stream().mapToInt(Integer::intValue).toArray();
      FloatTensor part = Tensor.of(x, rows * width).view(from * width, shape);
      FloatTensor y = (FloatTensor) session.run(Map.of("x", part)).get("y");
      for (float value : y.toArray()) {
        hash = 31 * hash + Float.floatToIntBits(value);
      }
    }
    return hash;
  }

  /** Normal values, and now and then an infinity, a zero of either sign, a subnormal or NaN. */
  private static float[] inputs(int count) {
    Random random = new Random(99);
    float[] special = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1e-41f, 1e30f
    };
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] =
          random.nextInt(20_000) == 0
              ? special[random.nextInt(special.length)]
              : (float) random.nextGaussian();
    }
    return x;
  }
}
