package io.sparkonnx.engine.op.math;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.FloatFold;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.Arithmetic;
import io.sparkonnx.engine.op.elementwise.FoldOperator;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * PRelu: x where x is not negative, else slope·x. The slope broadcasts to x and not the other way;
 * before opset 7 it is one number or one per channel.
 */
record PRelu(FoldOperator fold) implements FloatFold {
  static PRelu aligned(Alignment alignment) {
    return new PRelu(new FoldOperator("PRelu", Arithmetic.PRELU, Types.NUMBERS, alignment, false));
  }

  @Override
  public String type() {
    return fold.type();
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape common = fold.infer(context).get(0).shape();
    Shape x = context.shape(0);
    boolean larger = common.hasRank() && common.rank() > x.rank();
    for (int i = 0; common.hasRank() && !larger && i < x.rank(); i++) {
      larger = x.dim(i).isConstant() && !common.dim(i).equals(x.dim(i));
    }
    if (larger) {
      throw context.error(
          "slope of shape " + context.shape(1) + " does not broadcast to X of shape " + x);
    }
    return List.of(ValueInfo.of(context.element(0), x));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return fold.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return fold.flops(inputs, outputs);
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return fold.prepareOn(preparation);
  }

  @Override
  public BinaryFunction foldedBy() {
    return fold.foldedBy();
  }

  @Override
  public Step prepare(Preparation preparation) {
    return fold.prepare(preparation);
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }
}
