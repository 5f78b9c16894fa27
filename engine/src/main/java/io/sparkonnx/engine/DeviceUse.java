package io.sparkonnx.engine;

import io.sparkonnx.engine.device.DeviceTimes;

/**
 * Where the steps of a session's runs ran so far.
 *
 * @param device the device's {@code id}; null for the CPU alone
 * @param deviceSteps steps on the device
 * @param cpuSteps steps on the CPU; counted only with a device
 * @param uploads values that went to the device, weights not counted
 * @param downloads values that came back
 * @param times how long the device worked, weights' transfers included
 */
public record DeviceUse(
    String device,
    long deviceSteps,
    long cpuSteps,
    long uploads,
    long downloads,
    DeviceTimes times) {
  /** No device. */
  public static final DeviceUse NONE = new DeviceUse(null, 0, 0, 0, 0, DeviceTimes.NONE);

  /** Both together. */
  public DeviceUse plus(DeviceUse other) {
    return new DeviceUse(
        device == null ? other.device : device,
        deviceSteps + other.deviceSteps,
        cpuSteps + other.cpuSteps,
        uploads + other.uploads,
        downloads + other.downloads,
        times.plus(other.times));
  }
}
