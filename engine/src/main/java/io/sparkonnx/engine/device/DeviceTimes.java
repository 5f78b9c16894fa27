package io.sparkonnx.engine.device;

/**
 * How long a device worked, by its own clock.
 *
 * @param kernelNanos nanoseconds in kernels
 * @param transferNanos nanoseconds in transfers to and from the host
 * @param overlapNanos nanoseconds of the transfers during which a kernel ran too
 */
public record DeviceTimes(long kernelNanos, long transferNanos, long overlapNanos) {
  public static final DeviceTimes NONE = new DeviceTimes(0, 0, 0);

  /** Both together. */
  public DeviceTimes plus(DeviceTimes other) {
    return new DeviceTimes(
        kernelNanos + other.kernelNanos,
        transferNanos + other.transferNanos,
        overlapNanos + other.overlapNanos);
  }

  /** What came after {@code earlier}. */
  public DeviceTimes minus(DeviceTimes earlier) {
    return new DeviceTimes(
        kernelNanos - earlier.kernelNanos,
        transferNanos - earlier.transferNanos,
        overlapNanos - earlier.overlapNanos);
  }

  /** The part of the transfers' time that computing hid, 0 to 1; 0 without transfers. */
  public double overlap() {
    return transferNanos == 0 ? 0 : (double) overlapNanos / transferNanos;
  }
}
