package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
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
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Repeats a tensor along its axes.
 *
 * @param single opset 1: input 1 counts the copies along the one axis that input 2 names; from
 *     opset 6 input 1 has a count for each axis
 */
public record Tile(boolean single) implements Operator {
  static Tile alongOneAxis(Attributes attributes) {
    return new Tile(true);
  }

  static Tile of(Attributes attributes) {
    return new Tile(false);
  }

  @Override
  public String type() {
    return "Tile";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      return List.of(ValueInfo.of(element, Shape.UNKNOWN));
    }
    List<Dim> repeats = repeats(context, from.rank());
    if (repeats == null) {
      return List.of(ValueInfo.of(element, context.freshShape(from.rank())));
    }
    if (repeats.size() != from.rank()) {
      throw context.error(
          repeats.size() + " repeats for a shape of " + from.rank() + " dimensions");
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < from.rank(); i++) {
      dims.add(from.dim(i).times(repeats.get(i)));
    }
    List<Dim> contents = context.contents(0);
    if (contents != null && from.rank() == 1 && dims.get(0).isConstant()) {
      List<Dim> repeated = new ArrayList<>();
      long size = Math.min(dims.get(0).value(), ValueInfo.MAX_CONTENTS + 1);
      while (repeated.size() < size) {
        repeated.addAll(contents);
      }
      if (repeated.size() == dims.get(0).value()) {
        return List.of(ValueInfo.ofContents(element, false, repeated));
      }
    }
    return List.of(ValueInfo.of(element, Shape.of(dims)));
  }

  private List<Dim> repeats(InferenceContext context, int rank) {
    List<Dim> given = Integers.symbolic(context, 1);
    if (!single) {
      return given;
    }
    long[] axis = Integers.known(context, 2);
    if (given == null || axis == null) {
      return null;
    }
    List<Dim> repeats = new ArrayList<>(Collections.nCopies(rank, Dim.ONE));
    repeats.set(context.axis(axis[0], rank), given.get(0));
    return repeats;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Repeated.batch(context);
  }

  @Override
  public boolean readsOnHost(int input) {
    return input > 0;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return Tile::tileOnDevice;
  }

  private static void tileOnDevice(DeviceContext context) {
    int[] dims = context.outputDims();
    if (Tensor.sizeOf(dims) > 0) {
      Box box = Box.of(context.dims(0), dims);
      ElementwiseKernels.copy(
          context.queue(),
          context.input(0),
          box.strides,
          context.output(),
          StridedCopy.strides(box.dims),
          box.dims);
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.copying(this, (context, data, outputs) -> copies(data[0], outputs[0]), 0);
  }

  private static Copies copies(Tensor input, Tensor output) {
    if (output.size() == 0) {
      return new Copies();
    }
    Box box = Box.of(input.dims(), output.dims());
    return Copies.one(input, 0, box.strides, box.dims, StridedCopy.strides(box.dims));
  }

  /** Each axis becomes two: the copies, with stride 0, and the axis itself. */
  private record Box(int[] dims, int[] strides) {
    static Box of(int[] from, int[] to) {
      int[] own = StridedCopy.strides(from);
      int[] dims = new int[2 * own.length];
      int[] strides = new int[2 * own.length];
      for (int i = 0; i < own.length; i++) {
        dims[2 * i] = to[i] / from[i];
        dims[2 * i + 1] = from[i];
        strides[2 * i + 1] = own[i];
      }
      return new Box(dims, strides);
    }
  }
}
