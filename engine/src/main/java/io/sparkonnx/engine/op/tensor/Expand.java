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
import java.util.Collections;
import java.util.List;

/** Repeats axes of length 1 so that input 0 fills the shape it has when broadcast with input 1. */
public record Expand() implements Operator {
  static Expand of(Attributes attributes) {
    return new Expand();
  }

  @Override
  public String type() {
    return "Expand";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    Shape from = context.shape(0);
    List<Dim> target = Integers.symbolic(context, 1);
    if (target == null) {
      int count = Integers.count(context, 1);
      boolean known = from.hasRank() && count >= 0;
      Shape shape = known ? context.freshShape(Math.max(from.rank(), count)) : Shape.UNKNOWN;
      return List.of(ValueInfo.of(element, shape));
    }
    Shape shape = Shape.broadcast(from, Shape.of(target));
    if (shape == null) {
      throw context.error(from + " does not expand to " + target);
    }
    List<Dim> contents = context.contents(0);
    boolean fits = shape.isConstant() && shape.size().value() <= ValueInfo.MAX_CONTENTS;
    if (contents == null || contents.isEmpty() || !fits || shape.rank() > 1) {
      return List.of(ValueInfo.of(element, shape));
    }
    int size = (int) shape.size().value();
    List<Dim> expanded =
        contents.size() == size ? contents : Collections.nCopies(size, contents.get(0));
    return List.of(ValueInfo.ofContents(element, shape.rank() == 0, expanded));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Repeated.batch(context);
  }

  @Override
  public boolean readsOnHost(int input) {
    return input == 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return Expand::expandOnDevice;
  }

  /** Fills the output with input 0, repeated along axes of length 1. */
  static void expandOnDevice(DeviceContext context) {
    int[] dims = context.outputDims();
    ElementwiseKernels.copy(
        context.queue(),
        context.input(0),
        broadcastStrides(context.dims(0), dims),
        context.output(),
        StridedCopy.strides(dims),
        dims);
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.copying(this, (context, data, outputs) -> copies(data[0], outputs[0]), 0);
  }

  /** What fills {@code output} with {@code input}, repeated along axes of length 1. */
  static Copies copies(Tensor input, Tensor output) {
    int[] dims = output.dims();
    int[] strides = broadcastStrides(input, dims);
    return Copies.one(input, 0, strides, dims, StridedCopy.strides(dims));
  }

  /** Strides that walk {@code input} under the broadcast shape {@code dims}: 0 where it repeats. */
  static int[] broadcastStrides(Tensor input, int[] dims) {
    return broadcastStrides(input.dims(), dims);
  }

  private static int[] broadcastStrides(int[] from, int[] dims) {
    int[] own = StridedCopy.strides(from);
    int[] strides = new int[dims.length];
    int missing = dims.length - own.length;
    for (int i = 0; i < own.length; i++) {
      strides[missing + i] = from[i] == 1 ? 0 : own[i];
    }
    return strides;
  }
}
