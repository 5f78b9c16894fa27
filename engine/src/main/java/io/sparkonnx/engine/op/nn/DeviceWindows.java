package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.Window;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.RowKernels;
import io.sparkonnx.engine.kernel.opencl.WindowKernels;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.type.Dim;
import java.util.Arrays;

/** Convolution and pooling on a device. */
final class DeviceWindows {
  private static final Window HALVING = new Window(two(2), two(2), two(1), two(0), two(0), false);

  private DeviceWindows() {}

  private static int[] two(int value) {
    return new int[] {value, value};
  }

  /**
   * @param pooled whether 2×2 max pooling follows
   */
  static DeviceStep convolution(Conv conv, boolean pooled, DevicePreparation preparation) {
    boolean fits = fits(preparation) && DeviceForms.has(preparation, conv.activation());
    if (!fits) {
      return null;
    }
    DeviceStep step = context -> convolve(conv, pooled, context);
    return pooled ? DeviceStep.withScratch(elementsBeforePooling(conv, preparation), step) : step;
  }

  private static Dim elementsBeforePooling(Conv conv, DevicePreparation preparation) {
    InferenceContext context =
        new InferenceContext(conv.type(), preparation.inputs(), 1, () -> Dim.symbol("?"));
    return conv.outputShape(context, context.shape(0), context.shape(1)).size();
  }

  static DeviceStep transposed(ConvTranspose operator, DevicePreparation preparation) {
    return fits(preparation) ? context -> transpose(operator, context) : null;
  }

  static DeviceStep max(WindowAttributes window, DevicePreparation preparation) {
    return fits(preparation) ? context -> max(window, context) : null;
  }

  static DeviceStep average(
      WindowAttributes window, boolean countPadding, DevicePreparation preparation) {
    return fits(preparation) ? context -> average(window, countPadding, context) : null;
  }

  private static boolean fits(DevicePreparation preparation) {
    int rank = preparation.rank(0) - 2;
    return rank >= 1 && rank <= WindowKernels.MAX_RANK;
  }

  private static int[] spatial(int[] dims) {
    return Arrays.copyOfRange(dims, 2, dims.length);
  }

  private static void convolve(Conv conv, boolean pooled, DeviceContext context) {
    int[] x = context.dims(0);
    int[] w = context.dims(1);
    int[] spatial = spatial(x);
    Window window = conv.window().window(spatial(w), spatial);
    DeviceArray result = context.output();
    int[] whole = new int[spatial.length];
    if (pooled) {
      for (int axis = 0; axis < whole.length; axis++) {
        whole[axis] = window.outputLength(axis, spatial[axis]);
      }
      result =
          context.scratch(
              Math.multiplyExact(DeviceForms.size(whole), Math.multiplyExact(x[0], w[0])));
    }
    DeviceArray bias = context.has(2) ? context.input(2) : null;
    WindowKernels.convolve(
        context.queue(),
        window,
        conv.group(),
        x[1],
        w[0],
        x[0],
        spatial,
        context.input(0),
        context.factor(1),
        result,
        DeviceForms.epilogue(conv.activation(), 1f, BiasAxis.ROW, bias));
    if (pooled) {
      WindowKernels.max(context.queue(), HALVING, x[0] * w[0], whole, result, context.output());
    }
  }

  private static void transpose(ConvTranspose operator, DeviceContext context) {
    int[] x = context.dims(0);
    int[] w = context.dims(1);
    int[] input = spatial(x);
    int[] kernel = spatial(w);
    int[] output = spatial(context.outputDims());
    int[] stride = new int[input.length];
    int[] dilation = new int[input.length];
    int[] begin = new int[input.length];
    for (int axis = 0; axis < input.length; axis++) {
      stride[axis] = operator.window().stride(axis);
      dilation[axis] = operator.window().dilation(axis);
      begin[axis] = operator.padBegin(axis, input[axis], kernel[axis], output[axis]);
    }
    WindowKernels.convolveTransposed(
        context.queue(),
        new Window(kernel, stride, dilation, begin, new int[input.length], false),
        operator.group(),
        x[1],
        w[1] * operator.group(),
        x[0],
        input,
        output,
        context.input(0),
        context.input(1),
        context.has(2) ? context.input(2) : null,
        context.output());
  }

  private static void max(WindowAttributes window, DeviceContext context) {
    int[] dims = context.dims(0);
    int[] spatial = spatial(dims);
    WindowKernels.max(
        context.queue(),
        window.window(window.kernel(), spatial),
        dims[0] * dims[1],
        spatial,
        context.input(0),
        context.output());
  }

  static DeviceStep norm(Power power, DevicePreparation preparation) {
    return power.isOn(preparation.device())
        ? DeviceStep.withScratch(
            preparation.inputs().get(0).shape().size(), context -> norm(power, context))
        : null;
  }

  /** The norm of each plane. */
  private static void norm(Power power, DeviceContext context) {
    int rows = DeviceForms.size(context.outputDims());
    int size = DeviceForms.size(context.dims(0));
    DeviceArray powers = context.scratch(size);
    DeviceArray y = context.output();
    int length = DeviceForms.size(spatial(context.dims(0)));
    power.raise(context, context.input(0), powers, size);
    RowKernels.reduceRows(context.queue(), ReduceFunction.SUM, powers, rows, length, y);
    power.root(context, y, rows);
  }

  private static void average(
      WindowAttributes window, boolean countPadding, DeviceContext context) {
    int[] dims = context.dims(0);
    int[] spatial = spatial(dims);
    WindowKernels.average(
        context.queue(),
        window.window(window.kernel(), spatial),
        countPadding,
        dims[0] * dims[1],
        spatial,
        context.input(0),
        context.output());
  }

  /** Reduces each plane, and divides by its length if {@code mean}. */
  static void reduced(DeviceContext context, ReduceFunction f, boolean mean) {
    int rows = DeviceForms.size(context.outputDims());
    int length = DeviceForms.size(spatial(context.dims(0)));
    RowKernels.reduceRows(context.queue(), f, context.input(0), rows, length, context.output());
    if (mean) {
      int[] flat = {rows};
      DeviceForms.binary(
          context,
          BinaryFunction.DIV,
          context.output(),
          flat,
          context.number(length),
          new int[0],
          flat);
    }
  }
}
