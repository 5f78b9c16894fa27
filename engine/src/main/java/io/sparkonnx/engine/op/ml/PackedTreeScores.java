package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.opencl.TreeKernels;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Raw scores [N, targets] of float trees over the floats of input 0. Input 1 holds the trees packed
 * for a device.
 *
 * @param scores the trees
 * @param packing where they are in input 1
 */
record PackedTreeScores(TreeScores scores, TreeKernels.Packing packing) implements Operator {

  /**
   * The trees as a part that reads input 0 of the node, or null where a device does not take them.
   */
  static DeviceParts.Source of(TreeScores scores, DeviceParts parts) {
    if (!parts.isFloats(0) || scores.inDouble() || scores.marksUnvoted()) {
      return null;
    }
    TreeEnsemble ensemble =
        scores.forest().ensemble(scores.targets(), scores.aggregation(), scores.baseValues());
    TreeKernels.Packing packing = TreeKernels.packing(ensemble);
    if (packing == null) {
      return null;
    }
    float[] packed = TreeKernels.pack(ensemble, packing);
    String trees = parts.constant("trees", Tensor.of(packed, packed.length));
    return new DeviceParts.Source(
        new PackedTreeScores(scores, packing), List.of(parts.input(0), trees));
  }

  @Override
  public String type() {
    return "TreeScores";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    scores.infer(context);
    Shape y = Shape.of(Features.rows(context, scores.layout()), Dim.of(scores.targets()));
    return List.of(ValueInfo.of(ElementType.FLOAT, y));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context, scores.layout());
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    Dim marks = packing.marksSeen() ? preparation.outputs().get(0).shape().size() : Dim.ZERO;
    return DeviceStep.withScratch(marks, this::runOnDevice);
  }

  private void runOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    int rows = context.outputDims()[0];
    int columns = dims[scores.layout().featureAxis(dims.length)];
    boolean byColumns = scores.layout() == Layout.FEATURE_MAJOR;
    TreeKernels.run(
        context.queue(),
        packing,
        context.input(1),
        rows,
        context.input(0),
        byColumns ? 1 : columns,
        byColumns ? rows : 1,
        context.output(),
        context::scratch);
  }

  @Override
  public Step prepare(Preparation preparation) {
    TreeScores.Runner runner = scores.prepare(preparation);
    preparation.packed(1, 0);
    return context -> {
      FloatTensor y = context.floatOutput(0);
      runner.run(context, 0, y.array(), y.offset());
    };
  }
}
