package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * The winning label [N] of each row of raw scores [N, R].
 *
 * @param classes who wins
 */
record Winners(ClassScores classes) implements Operator {
  @Override
  public String type() {
    return "Winners";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    return List.of(ValueInfo.of(classes.labels().type(), Shape.of(context.shape(0).dim(0))));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(1);
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    FloatTensor raw = context.floats(0);
    classes.writeWinners(context, raw.array(), raw.offset(), raw.dim(0));
  }
}
