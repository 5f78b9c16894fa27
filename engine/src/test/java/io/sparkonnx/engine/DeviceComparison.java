package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.TestDevice;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Map;

/** Runs models on the CPU and on a device, and holds one against the other bit by bit. */
final class DeviceComparison implements AutoCloseable {
  private static final long SMALL_BLOCK = 3_000;

  private final Device device = TestDevice.open();

  /** Compares all outputs; rows in one block, and in small ones. Where the steps of one run ran. */
  DeviceUse compare(byte[] bytes, LoadOptions options, Map<String, Tensor> inputs) {
    Map<String, OnnxValue> expected;
    try (Model model = Model.load(bytes, options);
        Session session = model.newSession()) {
      expected = session.run(inputs);
    }
    run(bytes, options.withDevice(new DeviceTarget(device, SMALL_BLOCK)), inputs, expected);
    return run(bytes, options.withDevice(DeviceTarget.of(device)), inputs, expected);
  }

  DeviceUse compare(byte[] bytes, Map<String, Tensor> inputs) {
    return compare(bytes, LoadOptions.DEFAULT, inputs);
  }

  /** A model on the device alone. */
  Model load(byte[] bytes) {
    return Model.load(bytes, LoadOptions.DEFAULT.withDevice(DeviceTarget.of(device)));
  }

  private static DeviceUse run(
      byte[] bytes,
      LoadOptions options,
      Map<String, Tensor> inputs,
      Map<String, OnnxValue> expected) {
    try (Model model = Model.load(bytes, options);
        Session session = model.newSession()) {
      Map<String, OnnxValue> actual = session.run(inputs);
      assertThat(actual).containsOnlyKeys(expected.keySet());
      expected.forEach((name, value) -> assertSame(name, (Tensor) value, actual.get(name)));
      return session.deviceUse();
    }
  }

  private static void assertSame(String name, Tensor expected, OnnxValue value) {
    Tensor actual = (Tensor) value;
    assertThat(actual.type()).as(name).isEqualTo(expected.type());
    assertThat(actual.dims()).as(name).containsExactly(expected.dims());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(element(actual, i)).as("%s, element %d", name, i).isEqualTo(element(expected, i));
    }
  }

  private static Object element(Tensor tensor, int index) {
    if (tensor instanceof FloatTensor floats) {
      return Float.floatToIntBits(floats.get(index)) + " " + floats.get(index);
    }
    return tensor instanceof StringTensor strings ? strings.get(index) : tensor.doubleAt(index);
  }

  @Override
  public void close() {
    device.close();
  }
}
