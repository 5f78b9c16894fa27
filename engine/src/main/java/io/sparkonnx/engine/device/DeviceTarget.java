package io.sparkonnx.engine.device;

import java.time.Duration;

/**
 * Where a model is to run.
 *
 * <p>With {@code float16} the device holds constant factors of matrix products and convolutions as
 * float16, in half of the memory; sums still run in float32. Each such weight w then differs by at
 * most max(2⁻¹¹·|w|, 2⁻²⁵), so a dot product by Σ|aᵢ| times that beside its own rounding. Weights
 * that float16 does not reach stay as they are.
 *
 * @param device the device; open as long as the model is
 * @param blockBytes bytes of intermediate values, inputs and outputs of one block of rows
 * @param commandLimit how long a command may take until the device counts as hung and is not used
 *     again; a run that is to end earlier has a deadline of its own
 * @param float16 whether weights may be held as float16
 */
public record DeviceTarget(Device device, long blockBytes, Duration commandLimit, boolean float16) {
  private static final long BLOCK_BYTES = 256L << 20;

  public DeviceTarget(Device device, long blockBytes) {
    this(device, blockBytes, Device.COMMAND_LIMIT, false);
  }

  /** Blocks of at most 256 MB, or half of the largest buffer where that is less. */
  public static DeviceTarget of(Device device) {
    return new DeviceTarget(device, Math.min(BLOCK_BYTES, device.info().maxAllocationBytes() / 2));
  }

  public DeviceTarget withCommandLimit(Duration limit) {
    return new DeviceTarget(device, blockBytes, limit, float16);
  }

  public DeviceTarget withFloat16(boolean allowed) {
    return new DeviceTarget(device, blockBytes, commandLimit, allowed);
  }
}
