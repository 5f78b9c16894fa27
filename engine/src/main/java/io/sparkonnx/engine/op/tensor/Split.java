package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a tensor along one axis into as many parts as the node has outputs. The lengths are the
 * attribute {@code split} (opset 1), input 1 (opset 1 and from 13), or equal ones; from opset 18
 * the last parts may then be shorter.
 */
public final class Split implements Divisible {
  private final long axis;
  private final long[] attribute;
  private final boolean uneven;
  private final int parts;

  private Split(Attributes attributes, boolean uneven) {
    this.axis = attributes.integer("axis", 0);
    this.attribute = attributes.integers("split");
    this.uneven = uneven;
    this.parts = attributes.outputs();
    if (attribute != null && attribute.length != parts) {
      throw attributes.error(
          "attribute 'split' has " + attribute.length + " lengths for " + parts + " outputs");
    }
  }

  static Split of(Attributes attributes) {
    return new Split(attributes, false);
  }

  static Split intoParts(Attributes attributes) {
    long wanted = attributes.integer("num_outputs", attributes.outputs());
    if (wanted != attributes.outputs()) {
      throw attributes.error(
          "num_outputs is " + wanted + " but the node has " + attributes.outputs() + " outputs");
    }
    return new Split(attributes, true);
  }

  @Override
  public String type() {
    return "Split";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape from = context.shape(0);
    List<ValueInfo> outputs = new ArrayList<>();
    if (!from.hasRank()) {
      for (int i = 0; i < parts; i++) {
        outputs.add(ValueInfo.of(context.element(0), Shape.UNKNOWN));
      }
      return outputs;
    }
    int along = context.axis(axis, from.rank());
    List<Dim> lengths = lengths(context, from.dim(along));
    List<Dim> contents = context.contents(0);
    long at = 0;
    for (Dim length : lengths) {
      if (contents != null && length.isConstant() && from.rank() == 1) {
        long end = at + length.value();
        List<Dim> part = contents.subList((int) at, (int) end);
        outputs.add(ValueInfo.ofContents(context.element(0), false, part));
        at = end;
      } else {
        outputs.add(ValueInfo.of(context.element(0), from.with(along, length)));
      }
    }
    return outputs;
  }

  private List<Dim> lengths(InferenceContext context, Dim whole) {
    List<Dim> given =
        attribute != null
            ? Integers.dims(attribute)
            : context.has(1) ? Integers.symbolic(context, 1) : equal(context, whole);
    if (given == null) {
      return context.freshShape(parts).dims();
    }
    if (given.size() != parts) {
      throw context.error(given.size() + " lengths for " + parts + " outputs");
    }
    Dim sum = Dim.ZERO;
    for (Dim length : given) {
      sum = sum.plus(length);
    }
    if (sum.isConstant() && whole.isConstant() && !sum.equals(whole)) {
      throw context.error("lengths " + given + " do not add up to the axis of " + whole);
    }
    return given;
  }

  private List<Dim> equal(InferenceContext context, Dim whole) {
    Dim exact = whole.dividedExactlyBy(Dim.of(parts));
    if (exact == null && !uneven && whole.isConstant()) {
      throw context.error("an axis of " + whole + " does not split into " + parts + " equal parts");
    }
    Dim part = exact != null || !uneven ? whole.floorDiv(parts) : whole.ceilDiv(parts);
    List<Dim> lengths = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      boolean full = exact != null || !uneven;
      lengths.add(full ? part : part.min(whole.minus(part.times(i)).max(Dim.ZERO)));
    }
    return lengths;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    if (!context.axis(0).isRows()) {
      return context.keepsAxis();
    }
    int rank = context.input(0).shape().rank();
    return context.keepsAxis((int) (axis < 0 ? axis + rank : axis));
  }

  /** A slice for each part, where the lengths are known. */
  @Override
  public void divide(DeviceParts device) {
    Dim whole = device.isFloats(0) ? along(device.known(0).shape()) : null;
    long[] lengths = whole != null && whole.isConstant() ? lengths(device, whole) : null;
    long at = 0;
    for (int i = 0; lengths != null && i < parts; i++) {
      if (device.wants(i)) {
        Slice slice = Slice.between(axis, at, at + lengths[i]);
        device.output(i, new DeviceParts.Source(slice, List.of(device.input(0))));
      }
      at += lengths[i];
    }
  }

  private Dim along(Shape shape) {
    return shape.dim((int) (axis < 0 ? axis + shape.rank() : axis));
  }

  private long[] lengths(DeviceParts device, Dim whole) {
    if (attribute != null) {
      return attribute;
    }
    if (device.known(1) != null) {
      return device.known(1).constantContents();
    }
    return IntStream.range(0, parts).mapToLong(i -> equal((int) whole.value(), i)).toArray();
  }

  @Override
  public Step prepare(Preparation preparation) {
    Movement.Layout layout = (context, data, outputs) -> copies(context, data[0], outputs);
    boolean settled = !preparation.has(1) || preparation.constant(1) != null;
    return settled
        ? Movement.copying(this, layout, 0)
        : Movement.step(this, Movement.movement(layout), 0);
  }

  private Copies copies(StepContext context, Tensor input, Tensor[] outputs) {
    int along = (int) (axis < 0 ? axis + input.rank() : axis);
    int[] strides = StridedCopy.strides(input.dims());
    Copies copies = new Copies();
    int at = 0;
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] == null) {
        at += length(context, input, along, i);
        continue;
      }
      int[] dims = outputs[i].dims();
      if (at + dims[along] > input.dim(along)) {
        throw context.error("the parts are longer than the axis of " + input.dim(along));
      }
      copies.add(input, 0, at * strides[along], strides, i, 0, dims, StridedCopy.strides(dims));
      at += dims[along];
    }
    return copies;
  }

  private int length(StepContext context, Tensor input, int along, int part) {
    if (attribute != null) {
      return (int) attribute[part];
    }
    if (context.inputs() > 1 && context.value(1) != null) {
      return (int) context.input(1).longAt(part);
    }
    return equal(input.dim(along), part);
  }

  /** Length of a part where none is given. */
  private int equal(int whole, int part) {
    int each = uneven ? (whole + parts - 1) / parts : whole / parts;
    return Math.max(0, Math.min(each, whole - part * each));
  }
}
