package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceInfo;
import java.util.List;
import java.util.Locale;

/**
 * How the kernels of dot products cut their results. All tilings give the same bits.
 *
 * @param tile rows and columns that a work-group computes; divides side²
 * @param side items of a work-group along both axes; tile / side is a multiple of 4
 * @param step steps of k that are in local memory at a time
 */
record Tiling(int tile, int side, int step) {
  /** Kinds of devices, with their tilings from the widest to the narrowest. */
  @SuppressWarnings("ImmutableEnumChecker")
  enum Family {
    CPU(new Tiling(64, 8, 16)),
    NVIDIA(new Tiling(128, 16, 16), new Tiling(64, 16, 16)),
    AMD(new Tiling(128, 16, 16), new Tiling(64, 16, 16)),
    INTEL(new Tiling(64, 16, 16), new Tiling(32, 8, 16)),
    OTHER(new Tiling(64, 16, 16));

    private final List<Tiling> tilings;

    Family(Tiling... tilings) {
      this.tilings = List.of(tilings);
    }

    static Family of(DeviceInfo device) {
      String vendor = device.vendor().toLowerCase(Locale.ROOT);
      if (device.kind() == DeviceInfo.Kind.CPU) {
        return CPU;
      }
      if (vendor.contains("nvidia")) {
        return NVIDIA;
      }
      if (vendor.contains("advanced micro devices") || vendor.contains("amd")) {
        return AMD;
      }
      return vendor.contains("intel") ? INTEL : OTHER;
    }

    List<Tiling> tilings() {
      return tilings;
    }

    /** The widest tiling that gives every compute unit a tile, else the narrowest. */
    Tiling choose(int rows, int columns, int layers, int computeUnits) {
      return tilings.stream()
          .filter(tiling -> tiling.groups(rows, columns) * layers >= computeUnits)
          .findFirst()
          .orElse(tilings.get(tilings.size() - 1));
    }
  }

  /** Work-groups of one matrix. */
  long groups(int rows, int columns) {
    return blocks(rows) * blocks(columns);
  }

  /** Tiles along an axis. */
  long blocks(int length) {
    return (length + tile - 1) / tile;
  }
}
