package io.sparkonnx.engine.profile;

import io.sparkonnx.engine.device.DeviceTimes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a profile found.
 *
 * @param rowsPerRun rows of one run; 1 for models of a fixed shape
 * @param rowsPerSecond rows of all sessions together per second
 * @param medianMillis median time of one run
 * @param gflopPerSecond rate of all sessions together by the model's own count of operations
 * @param workspaceBytes working memory of one session
 * @param steps time of each step, in their order
 * @param deviceTimes how long the model's device works in one run, on average
 */
public record Profile(
    int rowsPerRun,
    double rowsPerSecond,
    double medianMillis,
    double gflopPerSecond,
    long workspaceBytes,
    List<StepTime> steps,
    DeviceTimes deviceTimes) {

  /** Share of the time per operator, largest first. */
  public Map<String, Double> shareByOperator() {
    return shares(StepTime::operator);
  }

  /**
   * Share of the time per group of steps, largest first.
   *
   * @param <T> what groups are told apart by
   */
  public <T> Map<T, Double> shares(Function<StepTime, T> group) {
    Map<T, Double> sums = new HashMap<>();
    steps.forEach(step -> sums.merge(group.apply(step), step.share(), Double::sum));
    Map<T, Double> shares = new LinkedHashMap<>();
    sums.entrySet().stream()
        .sorted(Map.Entry.<T, Double>comparingByValue(Comparator.reverseOrder()))
        .forEach(entry -> shares.put(entry.getKey(), entry.getValue()));
    return shares;
  }
}
