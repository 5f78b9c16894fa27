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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Drops axes of length 1: the given ones, or all where none are given. The axes are an attribute
 * (opset 1) or input 1 (from 13). Without axes the rank of a shape with symbolic dimensions is
 * known at run time only.
 */
public final class Squeeze implements Operator {
  private final long[] attribute;
  private final boolean fromInput;

  private Squeeze(long[] attribute, boolean fromInput) {
    this.attribute = attribute;
    this.fromInput = fromInput;
  }

  static Squeeze fromAttribute(Attributes attributes) {
    return new Squeeze(attributes.integers("axes"), false);
  }

  static Squeeze fromInput(Attributes attributes) {
    return new Squeeze(null, true);
  }

  @Override
  public String type() {
    return "Squeeze";
  }

  @Override
  public int viewOf(int output) {
    return 0;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    return List.of(Views.info(context, squeezed(context)));
  }

  private Shape squeezed(InferenceContext context) {
    Shape from = context.shape(0);
    boolean given = fromInput ? context.has(1) : attribute != null;
    long[] axes = fromInput && given ? Integers.known(context, 1) : attribute;
    if (given && axes == null) {
      int count = Integers.count(context, 1);
      boolean known = count >= 0 && from.hasRank() && count <= from.rank();
      return known ? context.freshShape(from.rank() - count) : Shape.UNKNOWN;
    }
    if (!from.hasRank() || (!given && !from.isConstant())) {
      return Shape.UNKNOWN;
    }
    boolean[] dropped = new boolean[from.rank()];
    if (given) {
      for (int axis : Integers.axes(context, axes, from.rank())) {
        dropped[axis] = true;
        if (from.dim(axis).isConstant() && !from.dim(axis).is(1)) {
          throw context.error("axis " + axis + " of " + from + " is not 1 long");
        }
      }
    }
    List<Dim> kept = new ArrayList<>();
    for (int i = 0; i < dropped.length; i++) {
      if (given ? !dropped[i] : !from.dim(i).is(1)) {
        kept.add(from.dim(i));
      }
    }
    return Shape.of(kept);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.reshaped();
  }

  @Override
  public Step prepare(Preparation preparation) {
    return context -> context.set(0, Views.of(context, dims(context)));
  }

  private int[] dims(StepContext context) {
    Tensor input = context.input(0);
    long[] axes = attribute;
    if (fromInput && context.inputs() > 1 && context.value(1) != null) {
      axes = Integers.of(context.input(1));
    }
    boolean[] dropped = new boolean[input.rank()];
    if (axes == null) {
      for (int i = 0; i < dropped.length; i++) {
        dropped[i] = input.dim(i) == 1;
      }
    } else {
      for (long axis : axes) {
        dropped[(int) (axis < 0 ? axis + input.rank() : axis)] = true;
      }
    }
    int count = 0;
    int[] dims = new int[input.rank()];
    for (int i = 0; i < dropped.length; i++) {
      if (!dropped[i]) {
        dims[count++] = input.dim(i);
      }
    }
    return Arrays.copyOf(dims, count);
  }
}
