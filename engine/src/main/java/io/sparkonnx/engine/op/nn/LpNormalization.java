package io.sparkonnx.engine.op.nn;

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
 * LpNormalization: each vector along an axis divided by its L1 or L2 norm; a vector of zeros stays.
 * Sums run in double, ascending, and are rounded once.
 *
 * @param axis axis of the vectors, may count from the end
 * @param p 1 or 2
 */
record LpNormalization(int axis, int p) implements Operator {

  static LpNormalization of(Attributes attributes) {
    long p = attributes.integer("p", 2);
    if (p != 1 && p != 2) {
      throw attributes.error("p is " + p + ", expected 1 or 2");
    }
    return new LpNormalization(Math.toIntExact(attributes.integer("axis", -1)), (int) p);
  }

  @Override
  public String type() {
    return "LpNormalization";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    if (x.hasRank()) {
      context.axis(axis, x.rank());
    }
    return List.of(ValueInfo.of(type, x));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape x = context.input(0).shape();
    return x.hasRank()
        ? context.keepsAxis(TrailingAxes.axis(axis, x.rank()))
        : context.coupled("a shape of unknown rank");
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size().times(3) : Dim.ZERO;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    int at = TrailingAxes.axis(axis, preparation.rank(0));
    return preparation.device().twofold() ? context -> runOnDevice(context, at) : null;
  }

  private void runOnDevice(DeviceContext context, int at) {
    int[] dims = context.dims(0);
    NormKernels.vectors(
        context.queue(),
        p,
        context.input(0),
        DeviceForms.size(Arrays.copyOf(dims, at)),
        dims[at],
        DeviceForms.size(Arrays.copyOfRange(dims, at + 1, dims.length)),
        context.output());
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return this::runDoubles;
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, q -> this::runFloats)
        : this::runFloats;
  }

  private void runFloats(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int at = TrailingAxes.axis(axis, x.rank());
    int length = x.dim(at);
    int inner = TrailingAxes.length(x, at + 1);
    int outer = TrailingAxes.rows(x, at);
    for (int vector = 0; vector < outer * inner; vector++) {
      int first = vector / inner * length * inner + vector % inner;
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += magnitude(x.array()[x.offset() + first + i * inner]);
      }
      float norm = (float) norm(sum);
      for (int i = 0; i < length; i++) {
        float element = x.array()[x.offset() + first + i * inner];
        y.array()[y.offset() + first + i * inner] = norm == 0 ? 0 : element / norm;
      }
    }
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor y = (DoubleTensor) context.output(0);
    int at = TrailingAxes.axis(axis, x.rank());
    int length = x.dim(at);
    int inner = TrailingAxes.length(x, at + 1);
    int outer = TrailingAxes.rows(x, at);
    for (int vector = 0; vector < outer * inner; vector++) {
      int first = vector / inner * length * inner + vector % inner;
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += magnitude(x.array()[x.offset() + first + i * inner]);
      }
      double norm = norm(sum);
      for (int i = 0; i < length; i++) {
        double element = x.array()[x.offset() + first + i * inner];
        y.array()[y.offset() + first + i * inner] = norm == 0 ? 0 : element / norm;
      }
    }
  }

  private double magnitude(double x) {
    return p == 1 ? Math.abs(x) : x * x;
  }

  private double norm(double sum) {
    return p == 1 ? sum : StrictMath.sqrt(sum);
  }
}
