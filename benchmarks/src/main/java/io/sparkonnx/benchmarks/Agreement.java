package io.sparkonnx.benchmarks;

import io.sparkonnx.engine.check.Comparison;
import io.sparkonnx.engine.check.Tolerance;
import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import java.util.Map;

/**
 * Holds a device's results against the CPU kernels': bit by bit where the device gives their bits,
 * else by 1e-4 of the expected value and of the root mean square of all of them.
 *
 * @param bits whether bits are compared
 */
record Agreement(boolean bits) {
  private static final double RELATIVE = 1e-4;

  static Agreement on(DeviceInfo device) {
    return new Agreement(device.givesCpuBits());
  }

  /**
   * @throws IllegalStateException for the first output that differs
   */
  void require(Map<String, OnnxValue> expected, Map<String, OnnxValue> actual) {
    if (!expected.keySet().equals(actual.keySet())) {
      throw new IllegalStateException("outputs " + actual.keySet() + ", not " + expected.keySet());
    }
    expected.forEach((name, value) -> require(name, value, actual.get(name)));
  }

  /**
   * @throws IllegalStateException if they differ
   */
  void require(String name, OnnxValue expected, OnnxValue actual) {
    String difference = difference(name, expected, actual);
    if (difference != null) {
      throw new IllegalStateException("the device's result is not the CPU's: " + difference);
    }
  }

  private String difference(String name, OnnxValue expected, OnnxValue actual) {
    if (!(expected instanceof FloatTensor floats)) {
      return Comparison.difference(name, expected, actual, new Tolerance(0, 0));
    }
    if (!bits) {
      Tolerance tolerance = new Tolerance(RELATIVE, RELATIVE * rootMeanSquare(floats));
      return Comparison.difference(name, expected, actual, tolerance);
    }
    if (!(actual instanceof FloatTensor others) || !floats.sameDims(others)) {
      return name + " is " + actual + ", expected " + expected;
    }
    for (int i = 0; i < floats.size(); i++) {
      if (Float.floatToIntBits(floats.get(i)) != Float.floatToIntBits(others.get(i))) {
        return name + "[" + i + "] is " + others.get(i) + ", expected " + floats.get(i);
      }
    }
    return null;
  }

  private static double rootMeanSquare(FloatTensor values) {
    double sum = 0;
    for (int i = 0; i < values.size(); i++) {
      sum += (double) values.get(i) * values.get(i);
    }
    return Math.sqrt(sum / Math.max(1, values.size()));
  }
}
