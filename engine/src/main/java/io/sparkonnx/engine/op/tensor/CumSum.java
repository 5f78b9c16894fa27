package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Running sums along the axis that input 1 names, added up in order.
 *
 * @param exclusive whether an element's own value is left out
 * @param reverse whether sums run from the end
 */
public record CumSum(boolean exclusive, boolean reverse) implements Operator {
  static CumSum of(Attributes attributes) {
    return new CumSum(attributes.flag("exclusive", false), attributes.flag("reverse", false));
  }

  @Override
  public String type() {
    return "CumSum";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    long[] axis = Integers.known(context, 1);
    if (axis != null && context.shape(0).hasRank()) {
      context.axis(axis[0], context.shape(0).rank());
    }
    return List.of(ValueInfo.of(context.element(0), context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    long[] axis = context.input(1).constantContents();
    Shape shape = context.input(0).shape();
    if (axis == null || !shape.hasRank()) {
      return context.coupled("sums along an unknown axis");
    }
    return context.keepsAxis((int) (axis[0] < 0 ? axis[0] + shape.rank() : axis[0]));
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return HalfPrecision.isHalf(preparation.input(0).element())
        ? HalfPrecision.prepare(preparation, floats -> this::run)
        : this::run;
  }

  private void run(StepContext context) {
    Tensor input = context.input(0);
    Tensor output = context.output(0);
    long named = context.input(1).longAt(0);
    int axis = (int) (named < 0 ? named + input.rank() : named);
    if (output.size() == 0) {
      return;
    }
    int length = input.dim(axis);
    int stride = StridedCopy.strides(input.dims())[axis];
    for (int lane = 0; lane < input.size() / length; lane++) {
      int first = lane / stride * length * stride + lane % stride;
      first += reverse ? (length - 1) * stride : 0;
      int step = reverse ? -stride : stride;
      switch (input.type().storage()) {
        case FLOAT -> floats(input, output, first, step, length);
        case DOUBLE -> doubles(input, output, first, step, length);
        case INT -> ints(input, output, first, step, length);
        case LONG -> longs(input, output, first, step, length);
        default -> throw context.error("cannot sum " + input.type());
      }
    }
  }

  private void floats(Tensor input, Tensor output, int first, int step, int count) {
    float[] from = (float[]) input.array();
    float[] to = (float[]) output.array();
    int f = input.offset() + first;
    int t = output.offset() + first;
    float sum = 0;
    for (int i = 0; i < count; i++) {
      float value = from[f + i * step];
      float next = sum + value;
      to[t + i * step] = exclusive ? sum : next;
      sum = next;
    }
  }

  private void doubles(Tensor input, Tensor output, int first, int step, int count) {
    double[] from = (double[]) input.array();
    double[] to = (double[]) output.array();
    int f = input.offset() + first;
    int t = output.offset() + first;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double value = from[f + i * step];
      double next = sum + value;
      to[t + i * step] = exclusive ? sum : next;
      sum = next;
    }
  }

  private void ints(Tensor input, Tensor output, int first, int step, int count) {
    int[] from = (int[]) input.array();
    int[] to = (int[]) output.array();
    int f = input.offset() + first;
    int t = output.offset() + first;
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int value = from[f + i * step];
      int next = sum + value;
      to[t + i * step] = exclusive ? sum : next;
      sum = next;
    }
  }

  private void longs(Tensor input, Tensor output, int first, int step, int count) {
    long[] from = (long[]) input.array();
    long[] to = (long[]) output.array();
    int f = input.offset() + first;
    int t = output.offset() + first;
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long value = from[f + i * step];
      long next = sum + value;
      to[t + i * step] = exclusive ? sum : next;
      sum = next;
    }
  }
}
