package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.ProgramSource;

/** Sizes of launches. Work-groups have few sizes, since some drivers compile for each. */
final class Launch {
  private static final int LINE = 64;
  private static final int PARTIALS = 16;
  private static final int ROWS = 4;

  private Launch() {}

  /** An item per element. */
  static void line(DeviceQueue queue, String kernel, int items, Object... arguments) {
    line(queue, program(queue), kernel, items, arguments);
  }

  /** The same for a kernel of another program. */
  static void line(
      DeviceQueue queue, ProgramSource source, String kernel, int items, Object... arguments) {
    if (items > 0) {
      long[] global = {blocks(items, LINE) * LINE};
      queue.run(source, kernel, global, new long[] {LINE}, arguments);
    }
  }

  /** A work-group per tile of a matrix, for {@code layers} matrices. */
  static void tiles(
      DeviceQueue queue, String kernel, int rows, int columns, int layers, Object... arguments) {
    DeviceInfo device = queue.device().info();
    Tiling.Family family = Tiling.Family.of(device);
    Tiling tiling = family.choose(rows, columns, layers, device.computeUnits());
    tiles(queue, family, tiling, kernel, rows, columns, layers, arguments);
  }

  /** The same with one of a family's tilings. */
  static void tiles(
      DeviceQueue queue,
      Tiling.Family family,
      Tiling tiling,
      String kernel,
      int rows,
      int columns,
      int layers,
      Object... arguments) {
    if (rows > 0 && columns > 0 && layers > 0) {
      long side = tiling.side();
      long[] global = {tiling.blocks(columns) * side, tiling.blocks(rows) * side, layers};
      long[] group = {side, side, 1};
      String named = kernel + "_" + tiling.tile();
      queue.run(KernelSource.of(family), named, global, group, arguments);
    }
  }

  /** 16 items per row. */
  static void rows(DeviceQueue queue, String kernel, int rows, Object... arguments) {
    if (rows > 0) {
      long[] global = {PARTIALS, blocks(rows, ROWS) * ROWS};
      queue.run(program(queue), kernel, global, new long[] {PARTIALS, ROWS}, arguments);
    }
  }

  /** Work-groups of 64 items, {@code blocks} for each of the layers. */
  static void groups(
      DeviceQueue queue, String kernel, int blocks, int layers, Object... arguments) {
    if (blocks > 0 && layers > 0) {
      long[] global = {(long) blocks * PARTIALS, (long) layers * ROWS};
      queue.run(program(queue), kernel, global, new long[] {PARTIALS, ROWS}, arguments);
    }
  }

  private static ProgramSource program(DeviceQueue queue) {
    return KernelSource.of(queue.device().info());
  }

  private static long blocks(int length, int block) {
    return (length + block - 1) / block;
  }
}
