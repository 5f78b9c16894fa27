package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.kernel.opencl.RowKernels;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
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
 * Scores [N, E] of raw scores [N, R].
 *
 * @param transform applied at the end
 * @param single how a single raw score becomes two; null where R = E
 */
record FinalScores(PostTransform transform, SingleScore single) implements Operator {
  @Override
  public String type() {
    return "FinalScores";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape raw = context.shape(0);
    Shape y = single == null ? raw : Shape.of(raw.dim(0), Dim.of(2));
    return List.of(ValueInfo.of(ElementType.FLOAT, y));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(1);
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    PostTransform last = single == null ? transform : single.transform(transform);
    boolean fits = last != PostTransform.SOFTMAX_ZERO && last != PostTransform.PROBIT;
    Dim rows = preparation.outputs().get(0).shape().dim(0);
    return fits ? DeviceStep.withScratch(rows, context -> runOnDevice(context, last)) : null;
  }

  private void runOnDevice(DeviceContext context, PostTransform last) {
    int rows = context.outputDims()[0];
    int columns = context.outputDims()[1];
    DeviceArray y = context.output();
    DeviceArray from = single == null ? context.input(0) : y;
    if (single != null) {
      spreadOnDevice(context, y, rows);
    }
    if (last == PostTransform.SOFTMAX) {
      RowKernels.softmax(context.queue(), false, from, rows, columns, y);
    } else if (last == PostTransform.LOGISTIC) {
      int length = Math.multiplyExact(rows, columns);
      ElementwiseKernels.unary(context.queue(), UnaryFunction.SIGMOID, 0, 0, from, y, length);
    }
  }

  private void spreadOnDevice(DeviceContext context, DeviceArray y, int rows) {
    int[] one = {1};
    int[] two = {2};
    int[] length = {rows};
    DeviceArray raw = context.input(0);
    if (single == SingleScore.BESIDE_ZERO) {
      ElementwiseKernels.copy(context.queue(), context.number(0), new int[1], y, two, length);
    } else {
      boolean rest = single == SingleScore.PROBABILITY && transform != PostTransform.LOGISTIC;
      DeviceArray first = context.scratch(rows);
      UnaryFunction f = UnaryFunction.AFFINE;
      ElementwiseKernels.unary(context.queue(), f, -1, rest ? 1 : -0f, raw, first, rows);
      ElementwiseKernels.copy(context.queue(), first, one, y, two, length);
    }
    DeviceArray second = new DeviceArray(y.buffer(), y.offset() + 1);
    ElementwiseKernels.copy(context.queue(), raw, one, second, two, length);
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    FloatTensor raw = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int rows = raw.dim(0);
    System.arraycopy(raw.array(), raw.offset(), y.array(), y.offset(), raw.size());
    if (single == null) {
      transform.apply(context.kernels(), y.array(), y.offset(), rows, y.dim(1));
    } else {
      single.spread(context.kernels(), transform, y.array(), y.offset(), rows);
    }
  }
}
