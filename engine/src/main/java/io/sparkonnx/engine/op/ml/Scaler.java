package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.Arithmetic;
import io.sparkonnx.engine.op.elementwise.FoldOperator;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Scaler: (x − offset)·scale as floats, offset and scale per column (last axis) or one for all.
 * Doubles are scaled in double and rounded at the end.
 *
 * @param offset subtracted first
 * @param scale multiplied second
 * @param layout of input and output
 */
record Scaler(ColumnValues offset, ColumnValues scale, Layout layout) implements Divisible {

  static Scaler of(Attributes attributes) {
    return new Scaler(
        ColumnValues.of(attributes, "offset", 0f),
        ColumnValues.of(attributes, "scale", 1f),
        Layout.ROW_MAJOR);
  }

  @Override
  public LayoutVariant inLayout(Layout wanted, List<ValueInfo> inputs) {
    return LayoutVariant.elementwise(new Scaler(offset, scale, wanted), wanted);
  }

  @Override
  public String type() {
    return "Scaler";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    offset.require(context, layout);
    scale.require(context, layout);
    return List.of(ValueInfo.of(ElementType.FLOAT, context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return ColumnValues.batch(context, layout, offset.isOne() && scale.isOne());
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().hasRank() ? outputs.get(0).shape().size().times(2) : Dim.ZERO;
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  /** A difference and a product. */
  @Override
  public void divide(DeviceParts parts) {
    boolean one = offset.isOne() && scale.isOne();
    if (parts.isFloats(0) && (one || parts.known(0).shape().rank() > 0)) {
      int rank = parts.known(0).shape().rank();
      String offsets = parts.constant("offset", offset.tensor(layout, rank));
      String scales = parts.constant("scale", scale.tensor(layout, rank));
      List<String> both = List.of(parts.input(0), offsets);
      String moved = parts.part(new DeviceParts.Source(fold("Sub", Arithmetic.SUB), both));
      Operator product = fold("Mul", Arithmetic.MUL);
      parts.output(0, new DeviceParts.Source(product, List.of(moved, scales)));
    }
  }

  private static Operator fold(String type, Arithmetic f) {
    return new FoldOperator(type, f, Types.NUMBERS, Alignment.FROM_END, false);
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
    int columns = ColumnValues.columns(x, layout);
    Expanded expanded = expanded(context, columns);
    float[] offsets = expanded.offsets();
    float[] scales = expanded.scales();
    if (layout == Layout.FEATURE_MAJOR) {
      int rows = x.dim(layout.rowAxis());
      for (int i = 0; i < columns; i++) {
        int at = i * rows;
        scale(from, first + at, offsets[i], scales[i], to, y.offset() + at, rows);
      }
      return;
    }
    for (int at = 0; at < x.size(); at += columns) {
      scale(from, first + at, offsets, scales, to, y.offset() + at, columns);
    }
  }

  /** One offset and one scale for each column. */
  private record Expanded(float[] offsets, float[] scales) {}

  private Expanded expanded(StepContext context, int columns) {
    Expanded expanded = (Expanded) context.kept();
    if (expanded == null) {
      expanded = new Expanded(offset.expanded(context, columns), scale.expanded(context, columns));
      context.keep(expanded);
    }
    return expanded;
  }

  private static void scale(
      float[] x, int from, float offset, float scale, float[] y, int to, int rows) {
    for (int i = 0; i < rows; i++) {
      y[to + i] = (x[from + i] - offset) * scale;
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
    int columns = ColumnValues.columns(x, layout);
    float[] offsets = offset.expanded(context, columns);
    float[] scales = scale.expanded(context, columns);
    int rows = x.size() / Math.max(1, columns);
    for (int i = 0; i < x.size(); i++) {
      int column = layout == Layout.ROW_MAJOR ? i % columns : i / rows;
      double scaled = (x.array()[x.offset() + i] - offsets[column]) * scales[column];
      y.array()[y.offset() + i] = (float) scaled;
    }
  }
}
