package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Gives each row of input 1 a copy of input 0, whose axis {@code axis} is 1 long: that axis becomes
 * as long as input 1's.
 *
 * @param axis in [0, rank) of both inputs
 */
public record RepeatRows(int axis) implements Operator {
  @Override
  public String type() {
    return "RepeatRows";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    return List.of(
        ValueInfo.of(context.element(0), context.shape(0).with(axis, context.shape(1).dim(axis))));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis rows = context.axis(1);
    return context.axis(0).isShared() && rows.isRows() && rows.axis() == axis
        ? context.all(rows)
        : context.coupled("repeats along another axis than the batch");
  }

  @Override
  public boolean readsElements(int input) {
    return input == 0;
  }

  @Override
  public boolean readsOnHost(int input) {
    return input == 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return Expand::expandOnDevice;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.copying(
        this, (context, data, outputs) -> Expand.copies(data[0], outputs[0]), 0);
  }
}
