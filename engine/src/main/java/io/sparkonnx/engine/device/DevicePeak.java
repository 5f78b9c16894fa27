package io.sparkonnx.engine.device;

import java.util.List;
import java.util.OptionalDouble;
import org.jocl.CL;

/**
 * The most that a device could compute by what OpenCL says of it: a fused multiply-add of floats on
 * every lane in every cycle.
 *
 * @param units compute units
 * @param megahertz highest clock that OpenCL tells; of a CPU often the one without its boost
 * @param lanes floats that a unit computes in a cycle; 0 where that is not known
 */
public record DevicePeak(int units, int megahertz, int lanes) {
  private static final int COMPUTE_CAPABILITY_MAJOR_NV = 0x4000;
  private static final int COMPUTE_CAPABILITY_MINOR_NV = 0x4001;
  private static final int SIMD_PER_COMPUTE_UNIT_AMD = 0x4040;
  private static final int SIMD_WIDTH_AMD = 0x4041;

  /** Four SIMDs of 16 lanes, the compute unit of GCN and CDNA. */
  private static final int AMD_LANES = 64;

  /** Of the cores of servers and workstations. */
  private static final int CPU_FMA_UNITS = 2;

  /**
   * What OpenCL says of a device.
   *
   * @throws DeviceException NOT_AVAILABLE if it is no longer there; else what OpenCL says
   */
  public static DevicePeak of(DeviceInfo info) {
    DeviceQuery query =
        Devices.handles().stream()
            .filter(handle -> handle.info().id().equals(info.id()))
            .findFirst()
            .map(handle -> new DeviceQuery(handle.device()))
            .orElseThrow(
                () ->
                    new DeviceException(
                        DeviceException.Code.NOT_AVAILABLE, "there is no device " + info.id()));
    int megahertz = (int) query.number(CL.CL_DEVICE_MAX_CLOCK_FREQUENCY);
    return new DevicePeak(info.computeUnits(), megahertz, lanes(info.kind(), query));
  }

  private static int lanes(DeviceInfo.Kind kind, DeviceQuery query) {
    if (kind == DeviceInfo.Kind.CPU) {
      return CPU_FMA_UNITS * (int) query.number(CL.CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT);
    }
    List<String> extensions = query.extensions();
    if (extensions.contains("cl_nv_device_attribute_query")) {
      return nvidiaLanes(
          (int) query.number(COMPUTE_CAPABILITY_MAJOR_NV),
          (int) query.number(COMPUTE_CAPABILITY_MINOR_NV));
    }
    if (extensions.contains("cl_amd_device_attribute_query")) {
      return amdLanes(
          (int) query.number(SIMD_PER_COMPUTE_UNIT_AMD), (int) query.number(SIMD_WIDTH_AMD));
    }
    return 0;
  }

  /**
   * Cores for floats of a multiprocessor, by compute capability (CUDA C++ Programming Guide,
   * arithmetic instructions).
   */
  static int nvidiaLanes(int major, int minor) {
    return switch (major) {
      case 3 -> 192;
      case 5, 9, 10, 12 -> 128;
      case 6 -> minor == 0 ? 64 : 128;
      case 7 -> 64;
      case 8 -> minor == 0 ? 64 : 128;
      default -> 0;
    };
  }

  /** Where the driver does not tell, the unit counts as one of GCN. */
  static int amdLanes(int simds, int width) {
    return simds > 0 && width > 0 ? simds * width : AMD_LANES;
  }

  /** 10⁹ multiplications and additions a second; empty where a fact is not known. */
  public OptionalDouble gigaFlops() {
    return units > 0 && megahertz > 0 && lanes > 0
        ? OptionalDouble.of(2e-3 * units * megahertz * lanes)
        : OptionalDouble.empty();
  }
}
