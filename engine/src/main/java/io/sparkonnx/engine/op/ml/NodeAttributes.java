package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/** Attributes that run in parallel: all must have as many elements as the first. */
final class NodeAttributes {
  private final Attributes attributes;
  private final String first;
  private final int count;

  /**
   * @param first name of the list of integers that says how many there are
   */
  NodeAttributes(Attributes attributes, String first) {
    this.attributes = attributes;
    this.first = first;
    long[] values = attributes.integers(first);
    this.count = values == null ? 0 : values.length;
  }

  int count() {
    return count;
  }

  long[] integers(String name) {
    long[] values = attributes.integers(name);
    require(name, values == null ? 0 : values.length);
    return values == null ? new long[0] : values;
  }

  List<String> strings(String name) {
    List<String> values = attributes.strings(name);
    require(name, values == null ? 0 : values.size());
    return values == null ? List.of() : values;
  }

  /** A list of floats, or a tensor by the same name with {@code _as_tensor} behind it. */
  double[] reals(String name) {
    double[] values = optionalReals(attributes, name);
    require(name, values == null ? 0 : values.length);
    return values == null ? new double[0] : values;
  }

  /** As {@link #reals}, of any length; null where neither is given. */
  static double[] optionalReals(Attributes attributes, String name) {
    Tensor tensor = attributes.tensor(name + "_as_tensor");
    return tensor != null ? ofTensor(tensor) : ofFloats(attributes.reals(name));
  }

  private static double[] ofFloats(float[] floats) {
    if (floats == null || floats.length == 0) {
      return null;
    }
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** The elements of a tensor of numbers. */
  static double[] ofTensor(Tensor tensor) {
    double[] values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.doubleAt(i);
    }
    return values;
  }

  /** A tensor of numbers. */
  double[] tensor(String name) {
    Tensor tensor = attributes.tensor(name);
    require(name, tensor == null ? 0 : tensor.size());
    return tensor == null ? new double[0] : ofTensor(tensor);
  }

  private void require(String name, int length) {
    if (length != count) {
      throw attributes.error(name + " has " + length + " elements but " + first + " has " + count);
    }
  }
}
