package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.kernel.opencl.MovementKernels;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Gather on a device. Indices are checked here, since kernels look at no bounds. */
final class DeviceGather {
  private DeviceGather() {}

  /**
   * @param axis negative from the end
   */
  static DeviceStep prepare(long axis, DevicePreparation preparation) {
    Shape from = preparation.inputs().get(0).shape();
    int along = (int) (axis < 0 ? axis + from.rank() : axis);
    Tensor constant = preparation.inputs().get(1).constant();
    if (constant == null || !from.dim(along).isConstant()) {
      Shape indices = preparation.inputs().get(1).shape();
      return indices.hasRank()
          ? DeviceStep.withScratch(indices.size(), context -> gather(context, along))
          : null;
    }
    int length = (int) from.dim(along).value();
    if (!isInside(constant, length)) {
      return null;
    }
    int[] picks = picks(IllegalStateException::new, constant, length);
    float[] kept = MovementKernels.picks(picks);
    return DeviceStep.withKept(
        kept.length, context -> gather(context, along, picks, () -> context.kept(kept)));
  }

  private static boolean isInside(Tensor indices, int length) {
    return IntStream.range(0, indices.size())
        .mapToLong(indices::longAt)
        .allMatch(index -> index >= -length && index < length);
  }

  private static int[] picks(
      Function<String, ? extends RuntimeException> error, Tensor indices, int length) {
    int[] picks = new int[indices.size()];
    for (int i = 0; i < picks.length; i++) {
      picks[i] = Indices.inside(error, indices.longAt(i), length);
    }
    return picks;
  }

  private static void gather(DeviceContext context, int along) {
    int[] picks = picks(context::error, context.host(1), context.dims(0)[along]);
    gather(context, along, picks, () -> context.upload(MovementKernels.picks(picks)));
  }

  private static void gather(
      DeviceContext context, int along, int[] picks, Supplier<DeviceArray> there) {
    int[] dims = context.dims(0);
    int outer = Tensor.sizeOf(Arrays.copyOf(dims, along));
    int run = Tensor.sizeOf(Arrays.copyOfRange(dims, along + 1, dims.length));
    if (outer == 0 || run == 0 || picks.length == 0) {
      return;
    }
    DeviceArray x = context.input(0);
    int step = picks.length > 1 ? picks[1] - picks[0] : 0;
    if (isEven(picks, step)) {
      int[] box = {outer, picks.length, run};
      ElementwiseKernels.copy(
          context.queue(),
          new DeviceArray(x.buffer(), x.offset() + picks[0] * run),
          new int[] {dims[along] * run, step * run, 1},
          context.output(),
          StridedCopy.strides(box),
          box);
      return;
    }
    MovementKernels.gather(
        context.queue(), x, outer, dims[along], run, there.get(), picks.length, context.output());
  }

  private static boolean isEven(int[] picks, int step) {
    for (int i = 1; i < picks.length; i++) {
      if (picks[i] - picks[i - 1] != step) {
        return false;
      }
    }
    return true;
  }
}
