package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Runs of {@link SampleNetworks} on random rows, with and without a device. */
final class DeviceRuns {
  private static final long WAIT_NANOS = 10_000_000_000L;

  private DeviceRuns() {}

  /**
   * @param target null for the CPU
   */
  static Model load(String network, DeviceTarget target) {
    LoadOptions options =
        target == null ? LoadOptions.DEFAULT : LoadOptions.DEFAULT.withDevice(target);
    return Model.load(SampleNetworks.all().get(network).bytes(), options);
  }

  static Map<String, Tensor> input(String network, int rows) {
    int[] row = SampleNetworks.all().get(network).row();
    int[] dims = new int[row.length + 1];
    dims[0] = rows;
    System.arraycopy(row, 0, dims, 1, row.length);
    float[] values = new float[Tensor.sizeOf(dims)];
    Random random = new Random(7);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Map.of("x", Tensor.of(values, dims));
  }

  static float[] floats(Map<String, OnnxValue> outputs) {
    return ((FloatTensor) outputs.get("y")).toArray();
  }

  static float[] onCpu(String network, int rows) {
    try (Model model = load(network, null);
        Session session = model.newSession()) {
      return floats(session.run(input(network, rows)));
    }
  }

  /** Waits some seconds for something to become so. */
  static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(WAIT_NANOS);
      Thread.onSpinWait();
    }
  }
}
