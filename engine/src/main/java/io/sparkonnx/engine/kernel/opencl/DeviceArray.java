package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceBuffer;

/**
 * Floats in a device's memory.
 *
 * @param buffer where they are
 * @param offset index of the first
 */
public record DeviceArray(DeviceBuffer buffer, int offset) {}
