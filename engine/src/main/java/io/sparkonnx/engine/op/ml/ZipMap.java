package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.MapType;
import io.sparkonnx.engine.type.ValueType.SequenceType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;

/**
 * ZipMap: a sequence with one map for each row of X[N, K], from the K labels to the row's elements.
 *
 * @param keys the labels
 */
record ZipMap(Labels keys) implements Operator {

  static ZipMap of(Attributes attributes) {
    return new ZipMap(Labels.of(attributes, "classlabels_int64s", "classlabels_strings"));
  }

  @Override
  public String type() {
    return "ZipMap";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(0, ElementType.FLOAT);
    Features.requireColumns(context, keys.size());
    MapType map = new MapType(keys.type(), new TensorType(ElementType.FLOAT, Shape.SCALAR));
    return List.of(ValueInfo.of(new SequenceType(map)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context);
  }

  /** The maps' values are the input's elements. */
  @Override
  public int viewOf(int output) {
    return 0;
  }

  @Override
  public Step prepare(Preparation preparation) {
    Tensor labels = keys.tensor();
    return context -> run(context, labels);
  }

  private void run(StepContext context, Tensor labels) {
    Features.checkColumns(context, keys.size());
    Tensor x = context.input(0);
    Tensor values = x.rank() == 2 ? x : x.reshaped(Features.rows(x), keys.size());
    context.set(0, SequenceValue.ofMaps(labels, values));
  }
}
