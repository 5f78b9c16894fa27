package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceBuffer;

/**
 * Elements of one type in a device's memory, floats where nothing else is said.
 *
 * @param buffer where they are
 * @param offset index of the first
 */
public record DeviceArray(DeviceBuffer buffer, int offset) {}
