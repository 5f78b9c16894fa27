package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ResizeKernels;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Resize on a device. Elements and weights are found on the host, when the model is loaded if
 * everything is known by then.
 *
 * @param values of all axes, as {@link ResizeKernels#table} gives them
 * @param counts taps of each axis, 0 for one that stays
 * @param begins of each axis in the values
 */
record DeviceResize(float[] values, int[] counts, int[] begins) {
  static DeviceStep prepare(Resize resize, DevicePreparation preparation) {
    DeviceResize known = known(resize, preparation);
    if (known != null) {
      return known.axes() > DeviceForms.MAX_RANK
          ? null
          : DeviceStep.withKept(
              known.values.length,
              context -> known.run(resize, context, context.kept(known.values)));
    }
    if (resize.filter().antialias() || preparation.rank(0) > DeviceForms.MAX_RANK) {
      return null;
    }
    Dim elements = Dim.ZERO;
    for (Dim length : preparation.outputs().get(0).shape().dims()) {
      elements = elements.plus(length.times(2L * resize.filter().plainTaps()));
    }
    return DeviceStep.withScratch(elements, context -> runUnknown(resize, context));
  }

  private static DeviceResize known(Resize resize, DevicePreparation preparation) {
    Shape from = preparation.inputs().get(0).shape();
    Shape to = preparation.outputs().get(0).shape();
    int inputs = preparation.inputs().size();
    boolean settled =
        IntStream.range(1, inputs)
            .allMatch(i -> !preparation.has(i) || preparation.inputs().get(i).constant() != null);
    int[] lengths = new int[from.rank()];
    int[] resized = new int[from.rank()];
    for (int axis = 0; axis < lengths.length; axis++) {
      boolean open = !from.dim(axis).isConstant();
      settled &= open ? from.dim(axis).equals(to.dim(axis)) : to.dim(axis).isConstant();
      lengths[axis] = open || !settled ? 1 : (int) from.dim(axis).value();
      resized[axis] = open || !settled ? 1 : (int) to.dim(axis).value();
      settled &= lengths[axis] > 0;
    }
    if (!settled) {
      return null;
    }
    AxisTaps[] taps =
        resize.taps(
            lengths,
            resized,
            i -> preparation.has(i) ? preparation.inputs().get(i).constant() : null,
            IllegalStateException::new);
    boolean openStay =
        IntStream.range(0, taps.length)
            .allMatch(axis -> taps[axis] == null || from.dim(axis).isConstant());
    return openStay ? of(taps) : null;
  }

  private static DeviceResize of(AxisTaps[] taps) {
    int[] counts = new int[taps.length];
    int[] begins = new int[taps.length];
    float[] values = new float[0];
    for (int axis = 0; axis < taps.length; axis++) {
      begins[axis] = values.length;
      if (taps[axis] != null) {
        counts[axis] = taps[axis].count();
        float[] own =
            ResizeKernels.table(
                taps[axis].count(),
                taps[axis].sources(),
                taps[axis].floatWeights(),
                taps[axis].outside());
        values = Arrays.copyOf(values, values.length + own.length);
        System.arraycopy(own, 0, values, begins[axis], own.length);
      }
    }
    return new DeviceResize(values.length == 0 ? new float[1] : values, counts, begins);
  }

  private static void runUnknown(Resize resize, DeviceContext context) {
    if (DeviceForms.size(context.outputDims()) > 0) {
      AxisTaps[] taps =
          resize.taps(
              context.dims(0),
              context.outputDims(),
              i -> i >= 0 && context.has(i) ? context.host(i) : null,
              context::error);
      DeviceResize table = of(taps);
      table.run(resize, context, context.upload(table.values));
    }
  }

  /** Axes of the kernel; neighbours that stay are one. */
  private int axes() {
    return (int) IntStream.range(0, counts.length).filter(axis -> !continues(axis)).count();
  }

  private boolean continues(int axis) {
    return axis > 0 && counts[axis] == 0 && counts[axis - 1] == 0;
  }

  private void run(Resize resize, DeviceContext context, DeviceArray table) {
    int[] to = context.outputDims();
    int[] strides = StridedCopy.strides(context.dims(0));
    List<ResizeKernels.Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < counts.length; axis++) {
      int before = axes.size() - 1;
      int length = continues(axis) ? axes.remove(before).length() * to[axis] : to[axis];
      axes.add(new ResizeKernels.Axis(length, strides[axis], counts[axis], begins[axis]));
    }
    ResizeKernels.run(
        context.queue(), context.input(0), axes, table, resize.extrapolation(), context.output());
  }
}
