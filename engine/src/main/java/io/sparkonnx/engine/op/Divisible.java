package io.sparkonnx.engine.op;

/**
 * An operator that a device runs as several nodes, because it gives values that are no floats or
 * holds constants of its own. Parts without a form on the device run on the CPU.
 */
public interface Divisible extends Operator {
  /**
   * Names parts that compute every output that somebody reads, to the bit; none where these values
   * are not for a device.
   */
  void divide(DeviceParts parts);
}
