package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.opencl.FeatureKernels;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;

/**
 * An imputer of floats whose replacements are input 1 too, for a device.
 *
 * @param imputer what it computes
 */
record ImputedColumns(Imputer imputer) implements Operator {
  @Override
  public String type() {
    return imputer.type();
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    return imputer.infer(context);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return imputer.batch(context);
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return this::runOnDevice;
  }

  private void runOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    int axis = imputer.layout().featureAxis(dims.length);
    FeatureKernels.impute(
        context.queue(),
        context.input(0),
        imputer.replacedFloat(),
        context.input(1),
        context.dims(1)[0],
        DeviceForms.size(Arrays.copyOfRange(dims, axis + 1, dims.length)),
        context.output(),
        DeviceForms.size(dims));
  }

  @Override
  public Step prepare(Preparation preparation) {
    preparation.packed(1, 0);
    return imputer.prepare(preparation);
  }
}
