package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.MapType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * DictVectorizer: the values of a map as one row [1, K], each at the position of its key in a
 * vocabulary. Words that are no keys get zero or the empty string; other keys are left out.
 *
 * @param vocabulary integers or strings
 */
record DictVectorizer(KeyIndex vocabulary) implements Operator {

  static DictVectorizer of(Attributes attributes) {
    Labels words = Labels.of(attributes, "int64_vocabulary", "string_vocabulary");
    return new DictVectorizer(new KeyIndex(words.tensor()));
  }

  @Override
  public String type() {
    return "DictVectorizer";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    if (!(context.input(0).type() instanceof MapType map)
        || map.key() != vocabulary.type()
        || !(map.value() instanceof TensorType value)) {
      throw context.error(
          "X is a "
              + context.input(0).type()
              + ", expected a map from "
              + vocabulary.type()
              + " to numbers or strings");
    }
    Shape y = Shape.of(Dim.ONE, Dim.of(vocabulary.size()));
    return List.of(ValueInfo.of(value.element(), y));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    MapValue map = (MapValue) context.value(0);
    Tensor values = map.values();
    boolean texts = values instanceof StringTensor;
    Tensor nothing = texts ? Tensor.of(new String[] {""}, 1) : Tensor.allocate(values.type(), 1);
    int[] sources = new int[vocabulary.size()];
    Arrays.fill(sources, values.size());
    for (int i = 0; i < map.keys().size(); i++) {
      int word = vocabulary.find(map.keys(), i);
      if (word != KeyIndex.NONE) {
        sources[word] = i;
      }
    }
    Picking.write(context, 0, Tensors.join(values, nothing), sources, 1, sources.length);
  }
}
