package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceBudget;
import java.io.Serializable;
import java.util.List;

/**
 * What an executor tells the driver when it starts. The answer is a refusal as a text, or null.
 *
 * @param executor its id
 * @param host the machine
 * @param budgets what it claims of each of its devices
 * @param problem why it has none; null where it has one
 */
record ExecutorReport(String executor, String host, List<DeviceBudget> budgets, String problem)
    implements Serializable {
  ExecutorReport {
    budgets = List.copyOf(budgets);
  }

  static ExecutorReport of(String executor, String host, DeviceClaim claim) {
    return new ExecutorReport(executor, host, claim.budgets(), claim.problem().orElse(null));
  }

  /** The same executor without its devices. */
  ExecutorReport refused(String why) {
    return new ExecutorReport(executor, host, List.of(), why);
  }
}
