package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.kernel.opencl.MovementKernels;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Padding on a device. */
final class DevicePads {
  /** Finds the pads of each axis among the inputs. */
  @FunctionalInterface
  interface Reader {
    Pad.Pads read(int rank, IntFunction<Tensor> given);
  }

  private DevicePads() {}

  /**
   * @param constant what constant mode adds where the node has no input 2
   */
  static DeviceStep prepare(
      Padding.Mode mode, float constant, Reader reader, DevicePreparation preparation) {
    if (mode == Padding.Mode.CONSTANT) {
      return context -> withConstant(context, constant, pads(context, reader));
    }
    boolean fits = preparation.rank(0) <= DeviceForms.MAX_RANK;
    MovementKernels.Padding kind = kind(mode);
    return fits ? context -> withElements(context, kind, pads(context, reader)) : null;
  }

  private static Pad.Pads pads(DeviceContext context, Reader reader) {
    return reader.read(context.dims(0).length, context::host);
  }

  private static MovementKernels.Padding kind(Padding.Mode mode) {
    return switch (mode) {
      case EDGE -> MovementKernels.Padding.EDGE;
      case WRAP -> MovementKernels.Padding.WRAP;
      case REFLECT, CONSTANT -> MovementKernels.Padding.REFLECT;
    };
  }

  /** The box of the input that stays, from its first element on. */
  private static DeviceArray kept(DeviceContext context, Pad.Pads pads, int[] lengths) {
    int[] strides = StridedCopy.strides(context.dims(0));
    int at = context.input(0).offset();
    for (int i = 0; i < lengths.length; i++) {
      at += Math.max(0, -pads.begins()[i]) * strides[i];
      lengths[i] += Math.min(0, pads.begins()[i]) + Math.min(0, pads.ends()[i]);
    }
    return new DeviceArray(context.input(0).buffer(), at);
  }

  private static void withConstant(DeviceContext context, float constant, Pad.Pads pads) {
    int[] dims = context.outputDims();
    int[] strides = StridedCopy.strides(dims);
    DeviceArray y = context.output();
    DeviceArray value = context.has(2) ? context.input(2) : context.number(constant);
    ElementwiseKernels.copy(context.queue(), value, new int[dims.length], y, strides, dims);
    int[] lengths = context.dims(0);
    DeviceArray box = kept(context, pads, lengths);
    int at = y.offset();
    for (int i = 0; i < dims.length; i++) {
      at += Math.max(0, pads.begins()[i]) * strides[i];
      lengths[i] = Math.max(0, lengths[i]);
    }
    ElementwiseKernels.copy(
        context.queue(),
        box,
        StridedCopy.strides(context.dims(0)),
        new DeviceArray(y.buffer(), at),
        strides,
        lengths);
  }

  private static void withElements(
      DeviceContext context, MovementKernels.Padding kind, Pad.Pads pads) {
    int[] dims = context.outputDims();
    if (DeviceForms.size(dims) == 0) {
      return;
    }
    int[] lengths = context.dims(0);
    DeviceArray box = kept(context, pads, lengths);
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] <= 0) {
        throw context.error("axis " + i + " has nothing to pad with");
      }
    }
    int[] begins = Arrays.stream(pads.begins()).map(begin -> Math.max(0, begin)).toArray();
    int[] before = new int[DeviceForms.MAX_RANK];
    System.arraycopy(begins, 0, before, before.length - begins.length, begins.length);
    MovementKernels.pad(
        context.queue(),
        kind,
        box,
        DeviceForms.strides(DeviceForms.padded(context.dims(0))),
        DeviceForms.padded(lengths),
        before,
        context.output(),
        DeviceForms.padded(dims));
  }
}
