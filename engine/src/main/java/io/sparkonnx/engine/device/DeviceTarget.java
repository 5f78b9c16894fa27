package io.sparkonnx.engine.device;

import java.time.Duration;

/**
 * Where a model is to run.
 *
 * @param device the device; open as long as the model is
 * @param blockBytes bytes of intermediate values, inputs and outputs of one block of rows
 * @param commandLimit how long a command may take until the device counts as hung and is not used
 *     again; a run that is to end earlier has a deadline of its own
 */
public record DeviceTarget(Device device, long blockBytes, Duration commandLimit) {
  private static final long BLOCK_BYTES = 256L << 20;

  public DeviceTarget(Device device, long blockBytes) {
    this(device, blockBytes, Device.COMMAND_LIMIT);
  }

  /** Blocks of at most 256 MB, or half of the largest buffer where that is less. */
  public static DeviceTarget of(Device device) {
    return new DeviceTarget(device, Math.min(BLOCK_BYTES, device.info().maxAllocationBytes() / 2));
  }

  public DeviceTarget withCommandLimit(Duration limit) {
    return new DeviceTarget(device, blockBytes, limit);
  }
}
