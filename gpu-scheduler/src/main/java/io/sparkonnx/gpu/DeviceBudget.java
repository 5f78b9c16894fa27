package io.sparkonnx.gpu;

import io.sparkonnx.gpu.GpuException.Code;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What this JVM may use of a device.
 *
 * @param device the device's name
 * @param deviceBytes memory that the device has
 * @param claimBytes the part of it that belongs to this JVM
 * @param reserveBytes the part of the claim that stays free, for what the driver takes itself
 */
public record DeviceBudget(String device, long deviceBytes, long claimBytes, long reserveBytes)
    implements Serializable {
  /**
   * @throws GpuException INVALID_BUDGET if the claim is more than the device has, or the reserve
   *     leaves nothing of it
   */
  public DeviceBudget {
    if (claimBytes > deviceBytes) {
      throw invalid(device, "a budget of %s, but the device has %s", claimBytes, deviceBytes);
    }
    if (claimBytes < 1 || reserveBytes < 0 || reserveBytes >= claimBytes) {
      throw invalid(device, "a reserve of %s leaves nothing of %s", reserveBytes, claimBytes);
    }
  }

  /** A budget of so many bytes, of which the reserve stays free. */
  public static DeviceBudget ofBytes(
      String device, long deviceBytes, long claimBytes, long reserveBytes) {
    return new DeviceBudget(device, deviceBytes, claimBytes, reserveBytes);
  }

  /**
   * A share of the device, for several JVMs on one.
   *
   * @param share over 0, at most 1
   */
  public static DeviceBudget ofShare(
      String device, long deviceBytes, double share, long reserveBytes) {
    if (!(share > 0 && share <= 1)) {
      throw new GpuException(
          Code.INVALID_BUDGET,
          "device '" + device + "': a share of " + share + ", but shares are over 0 and at most 1");
    }
    long claim = share == 1 ? deviceBytes : (long) (deviceBytes * share);
    return new DeviceBudget(device, deviceBytes, claim, reserveBytes);
  }

  /**
   * Checks the budgets of several JVMs.
   *
   * @throws GpuException INVALID_BUDGET if the claims on a device are more than it has
   */
  public static void checkTogether(List<DeviceBudget> budgets) {
    Map<String, Long> claims = new LinkedHashMap<>();
    for (DeviceBudget budget : budgets) {
      long sum = claims.merge(budget.device, budget.claimBytes, Math::addExact);
      if (sum > budget.deviceBytes) {
        throw invalid(
            budget.device,
            "budgets that add up to %s, but the device has %s",
            sum,
            budget.deviceBytes);
      }
    }
  }

  /** Bytes that leases may hold at once. */
  public long bytes() {
    return claimBytes - reserveBytes;
  }

  private static GpuException invalid(String device, String format, long first, long second) {
    return new GpuException(
        Code.INVALID_BUDGET,
        "device '"
            + device
            + "': "
            + String.format(Locale.ROOT, format, ByteText.of(first), ByteText.of(second)));
  }
}
