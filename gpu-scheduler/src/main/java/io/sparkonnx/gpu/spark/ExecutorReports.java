package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.placement.DeviceCosts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.spark.SparkContext;

/** What executors told the driver: their devices, and what they measured with each model. */
public final class ExecutorReports {
  /** The application that the plugin runs in and its reports; guarded by the class. */
  private static SparkContext application;

  private static ExecutorReports current;

  private final Map<String, ExecutorReport> executors = new LinkedHashMap<>();
  private final Map<String, Map<String, DeviceCosts>> costs = new LinkedHashMap<>();

  ExecutorReports() {}

  /** Those of an application; nothing where it has no plugin. */
  public static synchronized Optional<ExecutorReports> of(SparkContext spark) {
    return spark == application ? Optional.of(current) : Optional.empty();
  }

  static synchronized void set(SparkContext spark, ExecutorReports reports) {
    application = spark;
    current = reports;
  }

  static synchronized void forget(ExecutorReports reports) {
    if (current == reports) {
      application = null;
      current = null;
    }
  }

  /**
   * Takes what an executor claims, unless a device would then be claimed for more than it has.
   *
   * @param isAlive whether another executor still lives
   * @return why it is refused, or null
   */
  synchronized String add(ExecutorReport report, Predicate<String> isAlive) {
    executors.keySet().removeIf(executor -> !isAlive.test(executor));
    List<DeviceBudget> claims = new ArrayList<>(report.budgets());
    executors.values().stream()
        .filter(other -> other.host().equals(report.host()))
        .filter(other -> !other.executor().equals(report.executor()))
        .forEach(other -> claims.addAll(other.budgets()));
    try {
      DeviceBudget.checkTogether(claims);
    } catch (GpuException e) {
      String refusal = "the executors of " + report.host() + " claim too much: " + e.getMessage();
      executors.put(report.executor(), report.refused(refusal));
      return refusal;
    }
    executors.put(report.executor(), report);
    return null;
  }

  /** Forgets the claims of an executor that is gone. */
  synchronized void remove(String executor) {
    executors.remove(executor);
    costs.values().forEach(reports -> reports.remove(executor));
  }

  synchronized void add(CostReport report) {
    costs
        .computeIfAbsent(report.model(), model -> new LinkedHashMap<>())
        .put(report.executor(), report.costs());
  }

  /** Names of all executors' devices. */
  public synchronized List<String> devices() {
    TreeSet<String> names = new TreeSet<>();
    for (ExecutorReport report : executors.values()) {
      report.budgets().forEach(budget -> names.add(budget.device()));
    }
    return List.copyOf(names);
  }

  /** Why no executor has a device; nothing where one has, or none has told yet. */
  public synchronized Optional<String> unavailable() {
    return devices().isEmpty()
        ? executors.values().stream().findFirst().map(ExecutorReport::problem)
        : Optional.empty();
  }

  /**
   * What executors measured with a model.
   *
   * @param model its SHA-256
   */
  public synchronized List<DeviceCosts> costs(String model) {
    return List.copyOf(costs.getOrDefault(model, Map.of()).values());
  }
}
