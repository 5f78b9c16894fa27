package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/**
 * The names of classes, all integers or all strings.
 *
 * @param tensor [K]
 */
record Labels(Tensor tensor) {

  /** Reads labels from two attributes of which one is given. */
  static Labels of(Attributes attributes, String integerName, String stringName) {
    long[] integers = attributes.integers(integerName);
    List<String> strings = attributes.strings(stringName);
    if (strings != null && !strings.isEmpty()) {
      return new Labels(Tensor.of(strings.toArray(String[]::new), strings.size()));
    }
    if (integers == null || integers.length == 0) {
      throw attributes.error("neither " + integerName + " nor " + stringName + " is given");
    }
    return new Labels(Tensor.of(integers, integers.length));
  }

  int size() {
    return tensor.size();
  }

  ElementType type() {
    return tensor.type();
  }

  /** Writes the labels with the given indices as output [rows]. */
  void write(StepContext context, int output, int[] indices, int rows) {
    if (type() == ElementType.STRING) {
      Picking.write(context, output, tensor, indices, rows);
    } else {
      Picking.numbers(tensor, indices, context.output(output));
    }
  }
}
