package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.TestDevice;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Map;
import java.util.Random;

/** A device, and models that run there and on the CPU. Their output is {@code y}. */
final class OnDevice implements AutoCloseable {
  private static final int FEW_BYTES = 20_000;

  private final Device device = TestDevice.open();

  /** The device's results have the CPU's bits, in blocks of many and of few rows. */
  void assertCpuBits(byte[] model, Map<String, Tensor> inputs, int deviceSteps, int cpuSteps) {
    int[] expected = bits(model, inputs, LoadOptions.DEFAULT);
    assertThat(onDevice(model, inputs, DeviceTarget.of(device), deviceSteps, cpuSteps))
        .as("on the device")
        .containsExactly(expected);
    LoadOptions few = LoadOptions.DEFAULT.withDevice(new DeviceTarget(device, FEW_BYTES));
    assertThat(bits(model, inputs, few)).as("in blocks of few rows").containsExactly(expected);
    assertThat(device.bytes()).isZero();
  }

  private static int[] onDevice(
      byte[] bytes,
      Map<String, Tensor> inputs,
      DeviceTarget target,
      int deviceSteps,
      int cpuSteps) {
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT.withDevice(target));
        Session session = model.newSession()) {
      int[] result = bits(session.run(inputs));
      DeviceUse use = session.deviceUse();
      assertThat(use.deviceSteps()).as("steps on the device").isEqualTo(deviceSteps);
      assertThat(use.cpuSteps()).as("steps on the CPU").isEqualTo(cpuSteps);
      return result;
    }
  }

  private static int[] bits(byte[] bytes, Map<String, Tensor> inputs, LoadOptions options) {
    try (Model model = Model.load(bytes, options);
        Session session = model.newSession()) {
      return bits(session.run(inputs));
    }
  }

  private static int[] bits(Map<String, OnnxValue> outputs) {
    FloatTensor y = (FloatTensor) outputs.get("y");
    int[] bits = new int[y.size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(y.get(i));
    }
    return bits;
  }

  /** Normally distributed values. */
  static Tensor normal(long seed, int... dims) {
    Random random = new Random(seed);
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, dims);
  }

  /** The same with NaN, infinities, zeros of both signs and the least number strewn in. */
  static Tensor extreme(long seed, int... dims) {
    float[] special = {
      0f, -0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN
    };
    Random random = new Random(seed);
    float[] values = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < values.length; i++) {
      boolean strewn = random.nextInt(23) == 0;
      values[i] =
          strewn ? special[random.nextInt(special.length)] : (float) random.nextGaussian() * 3f;
    }
    return Tensor.of(values, dims);
  }

  @Override
  public void close() {
    device.close();
  }
}
