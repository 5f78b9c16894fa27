package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.EndsInActivation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * A convolution of float images X[N, C, H, W] whose result is max pooled by windows of 2×2, side by
 * side: only what is pooled is stored. No operator of ONNX's; a rewrite makes it.
 *
 * @param conv the convolution, with its activation
 */
public record PooledConv(Conv conv) implements EndsInActivation {
  @Override
  public Activation activation() {
    return conv.activation();
  }

  /** ReLU only, which gives the same before and after a maximum. */
  @Override
  public boolean canEndIn(Activation function) {
    return function.function() == UnaryFunction.RELU;
  }

  @Override
  public PooledConv withActivation(Activation function) {
    return new PooledConv((Conv) conv.withActivation(function));
  }

  @Override
  public String type() {
    return "PooledConv";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(0, ElementType.FLOAT);
    context.requireSame(0, 1);
    Shape whole = conv.outputShape(context, context.shape(0), context.shape(1));
    if (!whole.hasRank()) {
      return List.of(ValueInfo.of(ElementType.FLOAT, whole));
    }
    Dim rows = whole.dim(2).floorDiv(2);
    Dim columns = whole.dim(3).floorDiv(2);
    Shape halved = Shape.of(List.of(whole.dim(0), whole.dim(1), rows, columns));
    return List.of(ValueInfo.of(ElementType.FLOAT, halved));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return conv.batch(context);
  }

  /** Of the elements that are pooled. */
  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return conv.flops(inputs, outputs).times(4);
  }

  @Override
  public boolean isFactor(int input) {
    return input == 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceWindows.convolution(conv, true, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    return FloatConvolution.prepare(conv, true, preparation);
  }
}
