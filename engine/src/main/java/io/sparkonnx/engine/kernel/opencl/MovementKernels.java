package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import java.util.ArrayList;
import java.util.List;

/** Movements of elements that no stride says. */
public final class MovementKernels {
  private MovementKernels() {}

  /** Where elements beside a box come from. */
  public enum Padding {
    REFLECT,
    EDGE,
    WRAP
  }

  /** Indices in the form in which {@link #gather} reads them. */
  public static float[] picks(int... indices) {
    float[] bits = new float[indices.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.intBitsToFloat(indices[i]);
    }
    return bits;
  }

  /**
   * y[i, j, r] = x[i, picks[j], r] over x[outer, length, run] and y[outer, count, run].
   *
   * @param picks indices in [0, length), as {@link #picks} gives them
   */
  public static void gather(
      DeviceQueue queue,
      DeviceArray x,
      int outer,
      int length,
      int run,
      DeviceArray picks,
      int count,
      DeviceArray y) {
    int items = Math.multiplyExact(Math.multiplyExact(outer, count), run);
    Launch.line(
        queue,
        "gather_runs",
        items,
        x.buffer(),
        x.offset(),
        length,
        run,
        picks.buffer(),
        picks.offset(),
        count,
        y.buffer(),
        y.offset(),
        items);
  }

  /**
   * Fills y of four axes with the elements of a box in x and beside it with others of them.
   *
   * @param x begins with the box
   * @param strides of x along each axis
   * @param lengths of the box along each axis, positive
   * @param begins elements of y before the box along each axis
   * @param dims of y, which is contiguous
   */
  public static void pad(
      DeviceQueue queue,
      Padding mode,
      DeviceArray x,
      int[] strides,
      int[] lengths,
      int[] begins,
      DeviceArray y,
      int[] dims) {
    List<Object> arguments = new ArrayList<>(List.of(mode.ordinal()));
    add(arguments, x, strides);
    add(arguments, lengths);
    add(arguments, begins);
    launch(queue, "pad_elements", arguments, y, dims);
  }

  private static void launch(
      DeviceQueue queue, String kernel, List<Object> arguments, DeviceArray y, int[] dims) {
    int items = dims[0] * dims[1] * dims[2] * dims[3];
    arguments.addAll(List.of(y.buffer(), y.offset(), dims[1], dims[2], dims[3], items));
    Launch.line(queue, kernel, items, arguments.toArray());
  }

  private static void add(List<Object> arguments, DeviceArray array, int[] strides) {
    arguments.add(array.buffer());
    arguments.add(array.offset());
    add(arguments, strides);
  }

  private static void add(List<Object> arguments, int[] numbers) {
    for (int number : numbers) {
      arguments.add(number);
    }
  }
}
