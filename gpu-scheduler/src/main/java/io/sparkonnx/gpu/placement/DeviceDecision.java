package io.sparkonnx.gpu.placement;

import java.util.Optional;

/**
 * Where a query runs.
 *
 * @param target where, or nothing as long as it is undecided
 * @param reason why, in a few words
 * @param warning whether the user is to be warned
 */
public record DeviceDecision(Optional<Target> target, String reason, boolean warning) {
  /** A kind of device. */
  public enum Target {
    CPU,
    GPU
  }

  static DeviceDecision of(Target target, String reason) {
    return new DeviceDecision(Optional.of(target), reason, false);
  }

  static DeviceDecision warned(Target target, String reason) {
    return new DeviceDecision(Optional.of(target), reason, true);
  }

  static DeviceDecision undecided(String reason) {
    return new DeviceDecision(Optional.empty(), reason, false);
  }

  /** For EXPLAIN, e.g. {@code gpu (asked for)}. */
  public String text() {
    return target.map(Words::word).orElse("undecided") + " (" + reason + ")";
  }
}
