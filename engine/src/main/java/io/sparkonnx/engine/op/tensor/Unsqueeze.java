package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Inserts axes of length 1; the axes are those of the result. They are an attribute (opset 1) or
 * input 1 (from 13).
 */
public final class Unsqueeze implements Operator {
  private final long[] attribute;

  private Unsqueeze(long[] attribute) {
    this.attribute = attribute;
  }

  static Unsqueeze fromAttribute(Attributes attributes) {
    long[] axes = attributes.integers("axes");
    if (axes == null) {
      throw attributes.error("attribute 'axes' is missing");
    }
    return new Unsqueeze(axes);
  }

  static Unsqueeze fromInput(Attributes attributes) {
    return new Unsqueeze(null);
  }

  @Override
  public String type() {
    return "Unsqueeze";
  }

  @Override
  public int viewOf(int output) {
    return 0;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape from = context.shape(0);
    long[] axes = attribute != null ? attribute : Integers.known(context, 1);
    int count = axes != null ? axes.length : Integers.count(context, 1);
    if (!from.hasRank() || count < 0) {
      return List.of(ValueInfo.of(context.element(0), Shape.UNKNOWN));
    }
    int rank = from.rank() + count;
    if (axes == null) {
      return List.of(ValueInfo.of(context.element(0), context.freshShape(rank)));
    }
    boolean[] inserted = new boolean[rank];
    for (int axis : Integers.axes(context, axes, rank)) {
      inserted[axis] = true;
    }
    Iterator<Dim> dims = from.dims().iterator();
    Shape shape =
        Shape.of(
            IntStream.range(0, rank).mapToObj(i -> inserted[i] ? Dim.ONE : dims.next()).toList());
    return List.of(Views.info(context, shape));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.reshaped();
  }

  @Override
  public Step prepare(Preparation preparation) {
    return context -> context.set(0, context.input(0).reshaped(dims(context)));
  }

  private int[] dims(StepContext context) {
    Tensor input = context.input(0);
    long[] axes = attribute != null ? attribute : Integers.of(context.input(1));
    int[] dims = new int[input.rank() + axes.length];
    for (long axis : axes) {
      dims[(int) (axis < 0 ? axis + dims.length : axis)] = 1;
    }
    int next = 0;
    for (int i = 0; i < dims.length; i++) {
      dims[i] = dims[i] == 1 ? 1 : input.dim(next++);
    }
    return dims;
  }
}
