package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceBuffer;

/**
 * Elements of one type in a device's memory, floats where nothing else is said.
 *
 * @param buffer where they are
 * @param offset index of the first
 * @param half whether they are float16, which products and convolutions take as a factor and
 *     compute with as floats
 */
public record DeviceArray(DeviceBuffer buffer, int offset, boolean half) {
  /** Elements of any other type. */
  public DeviceArray(DeviceBuffer buffer, int offset) {
    this(buffer, offset, false);
  }

  /** What lies behind the first {@code elements}. */
  public DeviceArray behind(int elements) {
    return new DeviceArray(buffer, offset + elements, half);
  }
}
