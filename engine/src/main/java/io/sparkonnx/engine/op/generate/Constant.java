package io.sparkonnx.engine.op.generate;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * A value of the model: a tensor, or from opset 12 numbers or strings.
 *
 * @param value the value
 */
public record Constant(Tensor value) implements Operator {
  static Constant of(Attributes attributes) {
    List<Tensor> values = new ArrayList<>();
    if (attributes.has("value")) {
      values.add(attributes.tensor("value"));
    }
    if (attributes.has("sparse_value")) {
      values.add(attributes.tensor("sparse_value"));
    }
    if (attributes.has("value_int")) {
      values.add(Tensor.of(new long[] {attributes.integer("value_int")}));
    }
    if (attributes.has("value_ints")) {
      long[] integers = attributes.integers("value_ints");
      values.add(Tensor.of(integers, integers.length));
    }
    if (attributes.has("value_float")) {
      values.add(Tensor.of(new float[] {attributes.real("value_float")}));
    }
    if (attributes.has("value_floats")) {
      float[] reals = attributes.reals("value_floats");
      values.add(Tensor.of(reals, reals.length));
    }
    if (attributes.has("value_string")) {
      values.add(Tensor.of(new String[] {attributes.string("value_string")}));
    }
    if (attributes.has("value_strings")) {
      List<String> strings = attributes.strings("value_strings");
      values.add(Tensor.of(strings.toArray(new String[0]), strings.size()));
    }
    if (values.size() != 1) {
      throw attributes.error("has " + values.size() + " values, expected one");
    }
    return new Constant(values.get(0));
  }

  @Override
  public String type() {
    return "Constant";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    return List.of(ValueInfo.ofConstant(value));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return context -> context.set(0, value);
  }
}
