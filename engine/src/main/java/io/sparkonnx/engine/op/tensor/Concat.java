package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Tensors side by side along one axis.
 *
 * @param axis negative from the end; opset 1 has the default 1
 */
public record Concat(long axis) implements Operator {
  static Concat of(Attributes attributes) {
    return new Concat(attributes.integer("axis"));
  }

  static Concat withDefault(Attributes attributes) {
    return new Concat(attributes.integer("axis", 1));
  }

  @Override
  public String type() {
    return "Concat";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    Shape result = Shape.UNKNOWN;
    for (int i = 0; i < context.inputs(); i++) {
      context.requireSame(0, i);
      Shape shape = context.shape(i);
      if (shape.hasRank()) {
        result = result.hasRank() ? unified(context, result, shape, i) : shape;
      }
    }
    if (!result.hasRank()) {
      return List.of(ValueInfo.of(element, result));
    }
    int along = context.axis(axis, result.rank());
    Dim length = Dim.ZERO;
    for (int i = 0; i < context.inputs(); i++) {
      Shape shape = context.shape(i);
      length = length.plus(shape.hasRank() ? shape.dim(along) : context.fresh());
    }
    List<Dim> contents = contents(context);
    return List.of(
        contents != null && result.rank() == 1
            ? ValueInfo.ofContents(element, false, contents)
            : ValueInfo.of(element, result.with(along, length)));
  }

  /** The shape both agree on apart from the concatenated axis; numbers win over symbols. */
  private Shape unified(InferenceContext context, Shape first, Shape shape, int input) {
    if (shape.rank() != first.rank()) {
      throw context.error("input " + input + " is " + shape + " but the first is " + first);
    }
    Shape result = first;
    for (int i = 0; i < shape.rank(); i++) {
      Dim dim = shape.dim(i);
      if (i == context.axis(axis, first.rank()) || !dim.isConstant()) {
        continue;
      }
      if (first.dim(i).isConstant() && !first.dim(i).equals(dim)) {
        throw context.error(
            String.format(
                Locale.ROOT,
                "axis %d of input %d has length %s, expected %s as in those before",
                i,
                input,
                dim,
                first.dim(i)));
      }
      result = result.with(i, dim);
    }
    return result;
  }

  private static List<Dim> contents(InferenceContext context) {
    List<Dim> all = new ArrayList<>();
    for (int i = 0; i < context.inputs(); i++) {
      if (context.contents(i) == null) {
        return null;
      }
      all.addAll(context.contents(i));
    }
    return all;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    int rows = -1;
    boolean size = false;
    for (int i = 0; i < context.inputs(); i++) {
      BatchAxis in = context.axis(i);
      size |= in.kind() == BatchAxis.Kind.SIZE;
      if (in.isRows() && rows >= 0 && rows != in.axis()) {
        return context.coupled("inputs have the batch at different axes");
      }
      rows = in.isRows() ? in.axis() : rows;
    }
    if (rows < 0) {
      return context.all(size ? BatchAxis.SIZE : BatchAxis.SHARED);
    }
    Shape shape = context.output(0).shape();
    if (!shape.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    if (rows == (axis < 0 ? axis + shape.rank() : axis)) {
      return context.coupled("concatenates along the batch axis");
    }
    for (int i = 0; i < context.inputs(); i++) {
      if (!context.axis(i).isRows()) {
        return context.coupled("input " + i + " is not the batch's but joined with its rows");
      }
      if (!context.input(i).shape().dim(rows).equals(shape.dim(rows))) {
        return context.coupled("inputs with different numbers of rows");
      }
    }
    return context.all(BatchAxis.rows(rows));
  }

  /** Matrices are joined along the other axis. */
  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    long joined = axis < 0 ? axis + 2 : axis;
    return new LayoutVariant(
        new Concat(1 - joined), Collections.nCopies(inputs.size(), layout), layout);
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return preparation.outputRank() < 1 ? null : this::concatenateOnDevice;
  }

  private void concatenateOnDevice(DeviceContext context) {
    int[] dims = context.outputDims();
    int along = (int) (axis < 0 ? axis + dims.length : axis);
    int[] strides = StridedCopy.strides(dims);
    int at = context.output().offset();
    for (int i = 0; i < context.inputs(); i++) {
      int[] part = context.dims(i);
      ElementwiseKernels.copy(
          context.queue(),
          context.input(i),
          StridedCopy.strides(part),
          new DeviceArray(context.output().buffer(), at),
          strides,
          part);
      at += part[along] * strides[along];
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.copying(this, (context, data, outputs) -> copies(data, outputs[0]));
  }

  private Copies copies(Tensor[] inputs, Tensor output) {
    int along = (int) (axis < 0 ? axis + output.rank() : axis);
    int[] strides = StridedCopy.strides(output.dims());
    Copies copies = new Copies();
    int at = 0;
    for (int i = 0; i < inputs.length; i++) {
      int[] dims = inputs[i].dims();
      copies.add(inputs[i], i, 0, StridedCopy.strides(dims), 0, at * strides[along], dims, strides);
      at += dims[along];
    }
    return copies;
  }
}
