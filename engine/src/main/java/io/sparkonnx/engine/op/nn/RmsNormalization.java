package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.opencl.NormKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;

/**
 * RMSNormalization: Y = X/√(mean(X²) + epsilon)·scale, the mean over the axes from one on.
 *
 * @param axis first normalised axis, may count from the end
 * @param epsilon added to the mean square
 */
record RmsNormalization(int axis, float epsilon) implements Operator {

  static RmsNormalization of(Attributes attributes) {
    return new RmsNormalization(
        Math.toIntExact(attributes.integer("axis", -1)), attributes.real("epsilon", 1e-5f));
  }

  @Override
  public String type() {
    return "RMSNormalization";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    context.requireSame(0, 1);
    if (x.hasRank()) {
      TrailingAxes.requireFits(context, 1, x, context.axis(axis, x.rank()));
    }
    return List.of(ValueInfo.of(type, x));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape x = context.input(0).shape();
    if (!x.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    return context.keepsAxis(ImageShape.axesFrom(TrailingAxes.axis(axis, x.rank()), x));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size().times(4) : Dim.ZERO;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    int first = TrailingAxes.axis(axis, preparation.rank(0));
    return TrailingAxes.areWhole(preparation, first)
        ? context -> runOnDevice(context, first)
        : null;
  }

  private void runOnDevice(DeviceContext context, int first) {
    int[] dims = context.dims(0);
    NormKernels.rootMeanSquare(
        context.queue(),
        context.input(0),
        DeviceForms.size(Arrays.copyOf(dims, first)),
        DeviceForms.size(Arrays.copyOfRange(dims, first, dims.length)),
        context.input(1),
        epsilon,
        context.output());
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return this::runDoubles;
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, p -> this::runFloats)
        : this::runFloats;
  }

  private void runFloats(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int first = TrailingAxes.axis(axis, x.rank());
    FloatTensor scale = TrailingAxes.expanded(context.floats(1), x, first);
    int rows = TrailingAxes.rows(x, first);
    int length = TrailingAxes.length(x, first);
    float[] squares = context.scratch().floats(Scratch.OPERATOR, rows);
    context
        .kernels()
        .reduce()
        .rows(ReduceFunction.SUM_SQUARE, x.array(), x.offset(), rows, length, squares, 0);
    for (int row = 0; row < rows; row++) {
      float root = (float) Math.sqrt(squares[row] / length + epsilon);
      int from = x.offset() + row * length;
      int to = y.offset() + row * length;
      for (int i = 0; i < length; i++) {
        y.array()[to + i] = x.array()[from + i] / root * scale.array()[scale.offset() + i];
      }
    }
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor y = (DoubleTensor) context.output(0);
    int first = TrailingAxes.axis(axis, x.rank());
    DoubleTensor scale = TrailingAxes.expanded(context.doubles(1), x, first);
    int rows = TrailingAxes.rows(x, first);
    int length = TrailingAxes.length(x, first);
    for (int row = 0; row < rows; row++) {
      int from = row * length;
      double mean = Moments.variance(x.array(), x.offset() + from, length, 0);
      double root = StrictMath.sqrt(mean + epsilon);
      for (int i = 0; i < length; i++) {
        double normal = x.array()[x.offset() + from + i] / root;
        y.array()[y.offset() + from + i] = normal * scale.doubleAt(i);
      }
    }
  }
}
