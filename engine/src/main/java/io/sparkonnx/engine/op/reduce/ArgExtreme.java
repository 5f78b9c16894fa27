package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.kernel.opencl.ReductionKernels;
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
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ArgMax and ArgMin: the position along an axis of the largest or smallest element, the first or
 * the last of equal ones. NaN, as in numpy, counts as the extreme.
 */
record ArgExtreme(String type, boolean largest, long axis, boolean keepDims, boolean lastOfEqual)
    implements Operator {

  static ArgExtreme of(String type, boolean largest, Attributes attributes) {
    return new ArgExtreme(
        type,
        largest,
        attributes.integer("axis", 0),
        attributes.flag("keepdims", true),
        attributes.flag("select_last_index", false));
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Types.NUMBERS.require(context, 0);
    Shape shape = context.shape(0);
    if (!shape.hasRank()) {
      return List.of(ValueInfo.of(ElementType.INT64, Shape.UNKNOWN));
    }
    int along = context.axis(axis, shape.rank());
    Shape others = shape.with(along, Dim.ZERO);
    boolean none = shape.dim(along).is(0);
    boolean wanted = others.dims().stream().filter(dim -> dim.is(0)).count() == 1;
    if (none && wanted) {
      throw context.error("axis " + along + " of " + shape + " has no elements to choose from");
    }
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.set(along, Dim.ONE);
    if (!keepDims) {
      dims.remove(along);
    }
    return List.of(ValueInfo.of(ElementType.INT64, Shape.of(dims)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    if (!context.axis(0).isRows()) {
      return context.keepsAxis();
    }
    int rank = context.input(0).shape().rank();
    int along = (int) (axis < 0 ? axis + rank : axis);
    int rows = context.axis(0).axis();
    if (along == rows) {
      return context.coupled("works along the batch axis");
    }
    return context.all(BatchAxis.rows(!keepDims && along < rows ? rows - 1 : rows));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return inputs.get(0).shape().hasRank() ? inputs.get(0).shape().size() : Dim.ZERO;
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return preparation.element(0) == ElementType.FLOAT ? this::extremeOnDevice : null;
  }

  private void extremeOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    int along = (int) (axis < 0 ? axis + dims.length : axis);
    Split s = Split.of(dims, along, along + 1);
    if (s.outer() * s.inner() > 0) {
      float sign = largest ? 1f : -1f;
      ReductionKernels.argExtreme(
          context.queue(),
          sign,
          lastOfEqual,
          context.input(0),
          s.outer(),
          s.length(),
          s.inner(),
          context.output());
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType element = preparation.input(0).element();
    if (element == ElementType.FLOAT) {
      return this::floats;
    }
    return element.isFloatingPoint() ? this::reals : this::integers;
  }

  private Split split(Tensor x) {
    int along = (int) (axis < 0 ? axis + x.rank() : axis);
    return Split.of(x, along, along + 1);
  }

  /** Looks for the largest of the numbers or of their negatives. */
  private void floats(StepContext context) {
    FloatTensor x = context.floats(0);
    LongTensor y = (LongTensor) context.output(0);
    Split s = split(x);
    float sign = largest ? 1f : -1f;
    if (s.inner() == 1) {
      for (int r = 0; r < y.size(); r++) {
        int from = x.offset() + r * s.length();
        y.array()[y.offset() + r] = best(x.array(), from, s.length(), sign);
      }
      return;
    }
    float[] best = context.scratch().floats(0, s.inner());
    for (int o = 0; o < s.outer(); o++) {
      int to = y.offset() + o * s.inner();
      int from = x.offset() + o * s.length() * s.inner();
      Arrays.fill(y.array(), to, to + s.inner(), 0);
      for (int i = 0; i < s.inner(); i++) {
        best[i] = sign * x.array()[from + i];
      }
      for (int k = 1; k < s.length(); k++) {
        improve(x.array(), from + k * s.inner(), sign, best, y.array(), to, s.inner(), k);
      }
    }
  }

  private int best(float[] x, int from, int length, float sign) {
    float best = sign * x[from];
    int at = 0;
    for (int k = 1; k < length; k++) {
      float value = sign * x[from + k];
      if (!(value < best) && better(value, best)) {
        best = value;
        at = k;
      }
    }
    return at;
  }

  private void improve(
      float[] x, int from, float sign, float[] best, long[] y, int to, int inner, int k) {
    for (int i = 0; i < inner; i++) {
      float value = sign * x[from + i];
      if (!(value < best[i]) && better(value, best[i])) {
        best[i] = value;
        y[to + i] = k;
      }
    }
  }

  private void reals(StepContext context) {
    Tensor x = context.input(0);
    LongTensor y = (LongTensor) context.output(0);
    Split s = split(x);
    for (int r = 0; r < y.size(); r++) {
      int from = r / s.inner() * s.length() * s.inner() + r % s.inner();
      int at = 0;
      double sign = largest ? 1 : -1;
      double best = sign * x.doubleAt(from);
      for (int k = 1; k < s.length(); k++) {
        double value = sign * x.doubleAt(from + k * s.inner());
        if (better(value, best)) {
          best = value;
          at = k;
        }
      }
      y.array()[y.offset() + r] = at;
    }
  }

  private void integers(StepContext context) {
    Tensor x = context.input(0);
    LongTensor y = (LongTensor) context.output(0);
    Split s = split(x);
    long flip = x.type() == ElementType.UINT64 ? Long.MIN_VALUE : 0;
    for (int r = 0; r < y.size(); r++) {
      int from = r / s.inner() * s.length() * s.inner() + r % s.inner();
      int at = 0;
      long best = x.longAt(from) ^ flip;
      for (int k = 1; k < s.length(); k++) {
        long value = x.longAt(from + k * s.inner()) ^ flip;
        boolean beyond = largest ? value > best : value < best;
        if (beyond || (lastOfEqual && value == best)) {
          best = value;
          at = k;
        }
      }
      y.array()[y.offset() + r] = at;
    }
  }

  private boolean better(double value, double best) {
    if (Double.isNaN(value) || Double.isNaN(best)) {
      return Double.isNaN(value) && (lastOfEqual || !Double.isNaN(best));
    }
    return value > best || (lastOfEqual && value == best);
  }
}
