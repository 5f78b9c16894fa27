package io.sparkonnx.engine.device;

/**
 * Where a model is to run.
 *
 * @param device the device; open as long as the model is
 * @param blockBytes bytes of intermediate values, inputs and outputs of one block of rows
 */
public record DeviceTarget(Device device, long blockBytes) {
  private static final long BLOCK_BYTES = 256L << 20;

  /** Blocks of at most 256 MB, or half of the largest buffer where that is less. */
  public static DeviceTarget of(Device device) {
    return new DeviceTarget(device, Math.min(BLOCK_BYTES, device.info().maxAllocationBytes() / 2));
  }
}
