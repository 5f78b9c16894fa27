package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Adds elements before and after an axis, or takes some away where a pad is negative. The new ones
 * are a constant, or elements of the input: mirrored on its ends ({@code reflect}), its ends
 * ({@code edge}), or the input again from its other end ({@code wrap}).
 *
 * <p>Pads are an attribute (opset 1 and 2) or input 1 (from 11), all begins before all ends; from
 * opset 18 input 3 may name the axes that they are for.
 */
public final class Pad implements Operator {
  private final Padding.Mode mode;
  private final long[] attribute;
  private final float constant;

  private Pad(Attributes attributes, long[] attribute) {
    String name = attributes.string("mode", "constant");
    this.mode = Padding.Mode.named(name);
    if (mode == null) {
      throw attributes.error("mode is '" + name + "', expected constant, reflect, edge or wrap");
    }
    this.attribute = attribute;
    this.constant = attributes.real("value", 0);
  }

  static Pad fromPaddings(Attributes attributes) {
    return fromAttribute(attributes, "paddings");
  }

  static Pad fromPads(Attributes attributes) {
    return fromAttribute(attributes, "pads");
  }

  private static Pad fromAttribute(Attributes attributes, String name) {
    long[] pads = attributes.integers(name);
    if (pads == null) {
      throw attributes.error("attribute '" + name + "' is missing");
    }
    return new Pad(attributes, pads);
  }

  static Pad fromInput(Attributes attributes) {
    return new Pad(attributes, null);
  }

  @Override
  public String type() {
    return "Pad";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      return List.of(ValueInfo.of(element, Shape.UNKNOWN));
    }
    List<Dim> pads = attribute != null ? Integers.dims(attribute) : Integers.symbolic(context, 1);
    int[] axes = axes(context, from.rank());
    if (pads == null || axes == null) {
      return List.of(ValueInfo.of(element, context.freshShape(from.rank())));
    }
    if (pads.size() != 2 * axes.length) {
      throw context.error(pads.size() + " pads for " + axes.length + " axes");
    }
    Shape shape = from;
    for (int i = 0; i < axes.length; i++) {
      Dim length = from.dim(axes[i]).plus(pads.get(i)).plus(pads.get(axes.length + i));
      if (length.isConstant() && length.value() < 0) {
        throw context.error("pads " + pads + " take away more than " + from + " has");
      }
      shape = shape.with(axes[i], length);
    }
    return List.of(ValueInfo.of(element, shape));
  }

  private int[] axes(InferenceContext context, int rank) {
    if (attribute != null || !context.has(3)) {
      return IntStream.range(0, rank).toArray();
    }
    long[] axes = Integers.known(context, 3);
    return axes == null ? null : Integers.axes(context, axes, rank);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis axis = context.axis(0);
    Shape from = context.input(0).shape();
    Shape to = context.output(0).shape();
    if (!axis.isRows()) {
      return context.keepsAxis();
    }
    boolean kept =
        to.hasRank() && to.dim(axis.axis()).equals(from.dim(axis.axis())) && isUnpadded(context);
    return kept ? context.keepsAxis() : context.keepsAxis(axis.axis());
  }

  /** Whether the batch axis has no pads at all, rather than some that make up for each other. */
  private boolean isUnpadded(BatchContext context) {
    int rank = context.input(0).shape().rank();
    long[] pads = attribute;
    long[] axes = null;
    if (attribute == null) {
      pads = context.input(1).constantContents();
      boolean named = context.inputs() > 3 && context.input(3) != null;
      axes = named ? context.input(3).constantContents() : null;
      if (pads == null || (named && axes == null)) {
        return false;
      }
    }
    for (int i = 0; i < pads.length / 2; i++) {
      long axis = axes == null ? i : axes[i] < 0 ? axes[i] + rank : axes[i];
      if (axis == context.axis(0).axis() && pads[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean readsOnHost(int input) {
    return input == 1 || input == 3;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DevicePads.prepare(mode, constant, this::pads, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    return attribute != null
        ? Movement.step(this, this::pad, 0)
        : Movement.step(this, this::pad, 0, 2);
  }

  private void pad(StepContext context, Tensor[] data, Tensor[] outputs) {
    Tensor input = data[0];
    Pads pads = pads(input.rank(), i -> i < context.inputs() ? context.input(i) : null);
    if (mode == Padding.Mode.CONSTANT) {
      Padding.withConstant(input, pads.begins, pads.ends, filling(context, data), outputs[0]);
    } else {
      Padding.withElements(context, input, pads.begins, pads.ends, mode, outputs[0]);
    }
  }

  /**
   * Elements to add before and behind each axis; negative ones are taken away.
   *
   * @param begins before each axis
   * @param ends behind it
   */
  record Pads(int[] begins, int[] ends) {}

  /**
   * @param given the input of this index, null for a left-out one
   */
  private Pads pads(int rank, IntFunction<Tensor> given) {
    int[] begins = new int[rank];
    int[] ends = new int[rank];
    long[] pads = attribute != null ? attribute : Integers.of(given.apply(1));
    Tensor axes = attribute == null ? given.apply(3) : null;
    int count = pads.length / 2;
    for (int i = 0; i < count; i++) {
      long axis = axes == null ? i : axes.longAt(i);
      int at = (int) (axis < 0 ? axis + rank : axis);
      begins[at] = Math.toIntExact(pads[i]);
      ends[at] = Math.toIntExact(pads[count + i]);
    }
    return new Pads(begins, ends);
  }

  private Tensor filling(StepContext context, Tensor[] data) {
    if (data.length > 1 && data[1] != null) {
      return data[1];
    }
    boolean texts = context.input(0).type() == ElementType.STRING;
    ElementType type = data[0].type();
    return type.width() > 1
        ? Tensor.allocate(type)
        : Conversion.scalar(texts ? StringIndices.NONE : constant, type);
  }
}
