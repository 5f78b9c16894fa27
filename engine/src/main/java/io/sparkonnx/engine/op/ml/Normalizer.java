package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.opencl.FeatureKernels;
import io.sparkonnx.engine.kernel.opencl.FeatureKernels.Norm;
import io.sparkonnx.engine.op.Attributes;
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
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Normalizer: each row of floats divided by its greatest element, by the sum of its magnitudes or
 * by its Euclidean length; a row whose divisor is zero stays. Sums run in double, ascending.
 *
 * @param norm the divisor
 */
record Normalizer(Norm norm) implements Operator {
  static Normalizer of(Attributes attributes) {
    String name = attributes.string("norm", "MAX");
    for (Norm norm : Norm.values()) {
      if (norm.name().equals(name)) {
        return new Normalizer(norm);
      }
    }
    throw attributes.error("norm is '" + name + "', expected MAX, L1 or L2");
  }

  @Override
  public String type() {
    return "Normalizer";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    Features.rows(context);
    return List.of(ValueInfo.of(ElementType.FLOAT, context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape y = outputs.get(0).shape();
    return y.hasRank() ? y.size().times(3) : Dim.ZERO;
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    boolean fits = norm == Norm.MAX || preparation.device().twofold();
    return fits ? this::runOnDevice : null;
  }

  private void runOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    int columns = dims[dims.length - 1];
    int rows = dims.length == 1 ? 1 : dims[0];
    FeatureKernels.normalize(
        context.queue(), norm, context.input(0), rows, columns, context.output());
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor x = context.input(0);
    FloatTensor y = context.floatOutput(0);
    float[] to = y.array();
    float[] from = to;
    int first = y.offset();
    if (x instanceof FloatTensor floats) {
      from = floats.array();
      first = floats.offset();
    } else {
      Features.read(x, to, y.offset());
    }
    int columns = Features.columns(x);
    for (int at = 0; at < x.size(); at += columns) {
      normalize(from, first + at, to, y.offset() + at, columns);
    }
  }

  private void normalize(float[] x, int from, float[] y, int to, int columns) {
    float divisor = divisor(x, from, columns);
    float safe = divisor == 0 ? 1 : divisor;
    for (int i = 0; i < columns; i++) {
      y[to + i] = x[from + i] / safe;
    }
  }

  private float divisor(float[] x, int from, int columns) {
    if (norm == Norm.MAX) {
      float max = -Float.MAX_VALUE;
      for (int i = 0; i < columns; i++) {
        max = x[from + i] > max ? x[from + i] : max;
      }
      return max;
    }
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      double element = x[from + i];
      sum += norm == Norm.L1 ? Math.abs(element) : element * element;
    }
    return (float) (norm == Norm.L1 ? sum : StrictMath.sqrt(sum));
  }
}
