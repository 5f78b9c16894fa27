package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.FoundDevices;
import io.sparkonnx.gpu.GpuException;
import java.util.List;
import java.util.Optional;

/**
 * What an executor wants of its machine's devices.
 *
 * @param found what the machine has
 * @param devices those that the executor uses
 * @param budgets what it claims of each
 * @param problem why it uses none; nothing where it uses one
 */
record DeviceClaim(
    FoundDevices found,
    List<FoundDevice> devices,
    List<DeviceBudget> budgets,
    Optional<String> problem) {

  /**
   * The devices that addresses mean, with their budgets; none, with the reason, where an address
   * means no device or a device cannot give its budget.
   */
  static DeviceClaim of(FoundDevices found, List<String> addresses, GpuSettings settings) {
    try {
      List<FoundDevice> devices = GpuAddresses.select(addresses, found.devices());
      List<DeviceBudget> budgets = devices.stream().map(settings::budget).toList();
      return new DeviceClaim(found, devices, budgets, found.problem());
    } catch (GpuException e) {
      return none(found, e.getMessage());
    }
  }

  /** The claim after the driver has refused it. */
  DeviceClaim refused(String why) {
    return none(found, why);
  }

  private static DeviceClaim none(FoundDevices found, String why) {
    return new DeviceClaim(found, List.of(), List.of(), Optional.of(why));
  }
}
