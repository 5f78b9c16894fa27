package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/** Convolution and pooling over up to three spatial axes, as their contracts say. */
public final class WindowKernels {
  /** The most spatial axes that the kernels take. */
  public static final int MAX_RANK = 3;

  /** Groups of fewer output channels leave tiles empty. */
  private static final int FEW_OUTPUTS = 8;

  private WindowKernels() {}

  /**
   * y = epilogue(x ∗ w).
   *
   * @param inputChannels of all groups
   * @param outputChannels of all groups
   * @param spatial input lengths of the spatial axes
   * @param w the weights; may be of float16
   */
  public static void convolve(
      DeviceQueue queue,
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      int batch,
      int[] spatial,
      DeviceArray x,
      DeviceArray w,
      DeviceArray y,
      DeviceEpilogue epilogue) {
    int outputs = outputChannels / groups;
    int plane = outputPlane(window, spatial);
    Object[] arguments =
        convolutionArguments(
            window, groups, inputChannels, outputChannels, batch, spatial, x, w, y, epilogue);
    int length = Math.multiplyExact(Math.multiplyExact(batch, outputChannels), plane);
    if (outputs < FEW_OUTPUTS) {
      Launch.line(queue, "convolution_direct", length, arguments);
    } else {
      Launch.tiles(queue, "convolution", outputs, batch * plane, groups, arguments);
    }
    epilogue.finish(queue, y, length);
  }

  /** What both kernels take. */
  static Object[] convolutionArguments(
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      int batch,
      int[] spatial,
      DeviceArray x,
      DeviceArray w,
      DeviceArray y,
      DeviceEpilogue epilogue) {
    List<Object> arguments =
        new ArrayList<>(List.of(batch, groups, inputChannels / groups, outputChannels / groups));
    addWindow(arguments, window, spatial);
    arguments.addAll(List.of(x.buffer(), x.offset(), w.buffer(), w.offset(), w.half() ? 1 : 0));
    arguments.addAll(List.of(y.buffer(), y.offset()));
    arguments.addAll(epilogue.arguments(y));
    return arguments.toArray();
  }

  /**
   * Every element of x adds its multiple of the kernel to y, at steps of the stride; then the bias
   * is added.
   *
   * @param window size, steps and leading padding, which is cut off
   * @param input lengths of x's spatial axes
   * @param output lengths of y's spatial axes
   * @param bias null for none
   */
  public static void convolveTransposed(
      DeviceQueue queue,
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      int batch,
      int[] input,
      int[] output,
      DeviceArray x,
      DeviceArray w,
      DeviceArray bias,
      DeviceArray y) {
    DeviceArray summand = bias == null ? y : bias;
    List<Object> arguments =
        new ArrayList<>(List.of(batch, groups, inputChannels / groups, outputChannels / groups));
    addWindow(arguments, window, input, output);
    arguments.addAll(
        List.of(x.buffer(), x.offset(), w.buffer(), w.offset(), y.buffer(), y.offset()));
    arguments.addAll(List.of(bias == null ? 0 : 1, summand.buffer(), summand.offset()));
    int items = Math.multiplyExact(batch, outputChannels);
    for (int length : output) {
      items = Math.multiplyExact(items, length);
    }
    Launch.line(queue, "convolution_transposed", items, arguments.toArray());
  }

  /** Greatest tap inside the image. */
  public static void max(
      DeviceQueue queue, Window window, int planes, int[] spatial, DeviceArray x, DeviceArray y) {
    List<Object> arguments = new ArrayList<>(List.of(planes));
    addWindow(arguments, window, spatial);
    arguments.addAll(List.of(x.buffer(), x.offset(), y.buffer(), y.offset()));
    int items = planes * outputPlane(window, spatial);
    Launch.line(queue, "max_pool", items, arguments.toArray());
  }

  /** Mean of the taps inside the image, or inside the padded image. */
  public static void average(
      DeviceQueue queue,
      Window window,
      boolean countIncludePad,
      int planes,
      int[] spatial,
      DeviceArray x,
      DeviceArray y) {
    List<Object> arguments = new ArrayList<>(List.of(planes));
    addWindow(arguments, window, spatial);
    addAxes(arguments, window.padEnd(), 0);
    arguments.add(countIncludePad ? 1 : 0);
    arguments.addAll(List.of(x.buffer(), x.offset(), y.buffer(), y.offset()));
    int items = planes * outputPlane(window, spatial);
    Launch.line(queue, "average_pool", items, arguments.toArray());
  }

  private static int[] outputLengths(Window window, int[] spatial) {
    int[] lengths = new int[spatial.length];
    for (int axis = 0; axis < lengths.length; axis++) {
      lengths[axis] = window.outputLength(axis, spatial[axis]);
    }
    return lengths;
  }

  private static int outputPlane(Window window, int[] spatial) {
    int plane = 1;
    for (int length : outputLengths(window, spatial)) {
      plane *= length;
    }
    return plane;
  }

  private static void addWindow(List<Object> arguments, Window window, int[] spatial) {
    addWindow(arguments, window, spatial, outputLengths(window, spatial));
  }

  private static void addWindow(List<Object> arguments, Window window, int[] input, int[] output) {
    addAxes(arguments, input, 1);
    addAxes(arguments, output, 1);
    addAxes(arguments, window.kernel(), 1);
    addAxes(arguments, window.stride(), 1);
    addAxes(arguments, window.dilation(), 1);
    addAxes(arguments, window.padBegin(), 0);
  }

  /** Adds three numbers, {@code missing} for leading axes that are not there. */
  private static void addAxes(List<Object> arguments, int[] values, int missing) {
    for (int axis = values.length; axis < MAX_RANK; axis++) {
      arguments.add(missing);
    }
    for (int value : values) {
      arguments.add(value);
    }
  }
}
