package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Scaler: (x − offset)·scale as floats, offset and scale per column (last axis) or one for all.
 * Doubles are scaled in double and rounded at the end.
 *
 * @param offset subtracted first
 * @param scale multiplied second
 */
record Scaler(ColumnValues offset, ColumnValues scale) implements Operator {

  static Scaler of(Attributes attributes) {
    return new Scaler(
        ColumnValues.of(attributes, "offset", 0f), ColumnValues.of(attributes, "scale", 1f));
  }

  @Override
  public String type() {
    return "Scaler";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    offset.require(context);
    scale.require(context);
    return List.of(ValueInfo.of(ElementType.FLOAT, context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return ColumnValues.batch(context, offset.isOne() && scale.isOne());
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().hasRank() ? outputs.get(0).shape().size().times(2) : Dim.ZERO;
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return preparation.input(0).element() == ElementType.DOUBLE ? this::runDoubles : this::run;
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
    int columns = ColumnValues.columns(x);
    float[] offsets = offset.expanded(context, columns);
    float[] scales = scale.expanded(context, columns);
    for (int at = 0; at < x.size(); at += columns) {
      scale(from, first + at, offsets, scales, to, y.offset() + at, columns);
    }
  }

  private static void scale(
      float[] x, int from, float[] offset, float[] scale, float[] y, int to, int columns) {
    for (int i = 0; i < columns; i++) {
      y[to + i] = (x[from + i] - offset[i]) * scale[i];
    }
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    FloatTensor y = context.floatOutput(0);
    int columns = ColumnValues.columns(x);
    float[] offsets = offset.expanded(context, columns);
    float[] scales = scale.expanded(context, columns);
    for (int i = 0; i < x.size(); i++) {
      int column = i % columns;
      double scaled = (x.array()[x.offset() + i] - offsets[column]) * scales[column];
      y.array()[y.offset() + i] = (float) scaled;
    }
  }
}
