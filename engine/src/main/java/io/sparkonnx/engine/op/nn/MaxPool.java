package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * MaxPool: the greatest element of each window of each channel of X[N, C, in…], and, where the node
 * has a second output, its index in X flattened.
 *
 * @param window window size, steps and padding
 * @param columnMajor whether indices count the first spatial axis fastest
 * @param indices whether the node has the second output
 */
record MaxPool(WindowAttributes window, boolean columnMajor, boolean indices) implements Operator {

  static MaxPool of(Attributes attributes) {
    return new MaxPool(
        WindowAttributes.withKernel(attributes),
        attributes.flag("storage_order", false),
        attributes.outputs() > 1);
  }

  @Override
  public String type() {
    return "MaxPool";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0,
            ElementType.FLOAT,
            ElementType.DOUBLE,
            ElementType.FLOAT16,
            ElementType.BFLOAT16,
            ElementType.INT8,
            ElementType.UINT8);
    Shape shape = Pooling.shape(context, window);
    return List.of(ValueInfo.of(type, shape), ValueInfo.of(ElementType.INT64, shape));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis axis = Pooling.batch(context).get(0);
    if (!indices || !axis.isRows()) {
      return context.all(axis);
    }
    return List.of(axis, BatchAxis.coupled("MaxPool's indices count from the first row"));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return Pooling.flops(window, outputs);
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return indices ? null : DeviceWindows.max(window, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (indices || type.storage() == ElementType.Storage.BYTE || type == ElementType.DOUBLE) {
      return new PlainMaxPool(this);
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, p -> this::run)
        : this::run;
  }

  private void run(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    Pooling.Sized sized = Pooling.sized(context, window);
    context
        .kernels()
        .pool()
        .max(
            sized.window(),
            x.dim(0) * x.dim(1),
            sized.spatial(),
            x.array(),
            x.offset(),
            y.array(),
            y.offset(),
            context.scratch());
  }
}
