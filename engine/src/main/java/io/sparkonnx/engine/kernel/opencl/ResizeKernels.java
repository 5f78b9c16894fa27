package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import java.util.ArrayList;
import java.util.List;

/** Weighted sums of elements along up to four axes. */
public final class ResizeKernels {
  private static final int AXES = 4;
  private static final Axis NONE = new Axis(1, 0, 0, 0);

  private ResizeKernels() {}

  /**
   * One axis.
   *
   * @param length of y along it
   * @param stride distance of x's elements along it
   * @param taps elements of x for each of y, 0 where the axis stays as it is
   * @param begin where its part of the table begins
   */
  public record Axis(int length, int stride, int taps, int begin) {}

  /**
   * An axis' part of the table.
   *
   * @param taps elements for each new one
   * @param sources their places, {@code taps} for each new one
   * @param weights as many
   * @param outside for each new place, whether nothing is there; null where something is everywhere
   */
  public static float[] table(int taps, int[] sources, float[] weights, boolean[] outside) {
    float[] table = new float[2 * sources.length];
    for (int i = 0; i < sources.length; i++) {
      boolean nothing = outside != null && outside[i / taps];
      table[2 * i] = Float.intBitsToFloat(nothing ? -1 : sources[i]);
      table[2 * i + 1] = weights[i];
    }
    return table;
  }

  /**
   * y[j…] = Σ along the last axis first of weight · x[source…], one fma chain for each axis.
   *
   * @param axes at most four, outermost first
   * @param table {@link #table} of each resized axis
   * @param outside what is written where nothing is
   * @param y contiguous
   */
  public static void run(
      DeviceQueue queue,
      DeviceArray x,
      List<Axis> axes,
      DeviceArray table,
      float outside,
      DeviceArray y) {
    List<Axis> all = new ArrayList<>(axes);
    while (all.size() < AXES) {
      all.add(0, NONE);
    }
    int items = all.stream().mapToInt(Axis::length).reduce(1, Math::multiplyExact);
    List<Object> arguments =
        new ArrayList<>(List.of(x.buffer(), x.offset(), table.buffer(), table.offset()));
    all.forEach(axis -> arguments.addAll(List.of(axis.stride, axis.taps, axis.begin)));
    arguments.addAll(List.of(y.buffer(), y.offset()));
    all.stream().skip(1).forEach(axis -> arguments.add(axis.length));
    arguments.addAll(List.of(outside, items));
    Launch.line(queue, "resize_elements", items, arguments.toArray());
  }
}
