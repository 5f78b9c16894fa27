package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Copies of boxes of any number of axes by a kernel that takes four. */
final class BoxCopy {
  private static final int AXES = 4;

  /**
   * One axis of a box.
   *
   * @param length elements along it
   * @param from their distance in what is read
   * @param to their distance in what is written
   */
  private record Axis(int length, int from, int to) {
    /** Whether this axis goes on where {@code inner} ends. */
    boolean continues(Axis inner) {
      return from == inner.from * inner.length && to == inner.to * inner.length;
    }
  }

  private final DeviceQueue queue;
  private final DeviceArray x;
  private final DeviceArray y;

  private BoxCopy(DeviceQueue queue, DeviceArray x, DeviceArray y) {
    this.queue = queue;
    this.x = x;
    this.y = y;
  }

  static void run(
      DeviceQueue queue, DeviceArray x, int[] xStrides, DeviceArray y, int[] yStrides, int[] dims) {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0) {
        return;
      }
      if (dims[i] > 1) {
        add(axes, new Axis(dims[i], xStrides[i], yStrides[i]));
      }
    }
    new BoxCopy(queue, x, y).copy(axes, 0, 0);
  }

  private static void add(List<Axis> axes, Axis next) {
    int last = axes.size() - 1;
    if (last >= 0 && axes.get(last).continues(next)) {
      axes.set(last, new Axis(axes.get(last).length * next.length, next.from, next.to));
    } else {
      axes.add(next);
    }
  }

  /** What is over four axes is walked here, along the shortest. */
  private void copy(List<Axis> axes, int from, int to) {
    if (axes.size() <= AXES) {
      launch(axes, from, to);
      return;
    }
    Axis shortest = axes.stream().min(Comparator.comparingInt(Axis::length)).orElseThrow();
    List<Axis> others = new ArrayList<>(axes);
    others.remove(shortest);
    for (int i = 0; i < shortest.length; i++) {
      copy(others, from + i * shortest.from, to + i * shortest.to);
    }
  }

  private void launch(List<Axis> axes, int from, int to) {
    List<Axis> all = new ArrayList<>(axes);
    while (all.size() < AXES) {
      all.add(0, new Axis(1, 0, 0));
    }
    int items = all.stream().mapToInt(Axis::length).reduce(1, Math::multiplyExact);
    List<Object> arguments = new ArrayList<>(List.of(x.buffer(), x.offset() + from));
    all.forEach(axis -> arguments.add(axis.from));
    arguments.addAll(List.of(y.buffer(), y.offset() + to));
    all.forEach(axis -> arguments.add(axis.to));
    all.stream().skip(1).forEach(axis -> arguments.add(axis.length));
    arguments.add(items);
    Launch.line(queue, "strided_copy", items, arguments.toArray());
  }
}
