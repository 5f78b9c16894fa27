package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * LinearRegressor: linear functions [N, targets] of the features.
 *
 * @param scores the functions
 * @param transform applied at the end
 */
record LinearRegressor(LinearScores scores, PostTransform transform) implements Divisible {

  static LinearRegressor of(Attributes attributes) {
    long targets = attributes.integer("targets", 1);
    if (targets < 1 || targets > Integer.MAX_VALUE) {
      throw attributes.error("targets is " + targets + ", expected a positive number");
    }
    return new LinearRegressor(
        LinearScores.of(attributes, (int) targets),
        PostTransform.of(attributes).forTargets((int) targets));
  }

  @Override
  public String type() {
    return "LinearRegressor";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    scores.infer(context);
    Shape y = Shape.of(Features.rows(context, scores.layout()), Dim.of(scores.targets()));
    return List.of(ValueInfo.of(ElementType.FLOAT, y));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context, scores.layout());
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return LayoutVariant.firstInput(
        new LinearRegressor(scores.inLayout(layout), transform), layout, 1);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().size().times(2L * scores.columns(inputs.get(0).shape()));
  }

  @Override
  public void divide(DeviceParts parts) {
    DeviceParts.Source raw = scores.source(parts);
    if (raw != null) {
      transform.divide(parts, raw);
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    GemmKernel.PackedB packed =
        scores.pack(preparation.kernels().gemm(), preparation.input(0).shape());
    Epilogue epilogue = scores.epilogue();
    return context -> run(context, packed, epilogue);
  }

  private void run(StepContext context, GemmKernel.PackedB packed, Epilogue epilogue) {
    Features.checkColumns(context, scores.layout(), packed.k());
    Features x = Features.of(context, scores.layout(), 0);
    FloatTensor y = context.floatOutput(0);
    LinearScores.run(context, x, packed, epilogue, y.array(), y.offset());
    transform.apply(context.kernels(), y.array(), y.offset(), x.rows(), scores.targets());
  }
}
