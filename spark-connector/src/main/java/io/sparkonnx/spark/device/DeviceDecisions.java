package io.sparkonnx.spark.device;

import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.placement.DeviceDecision;
import io.sparkonnx.gpu.placement.DevicePolicy;
import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import io.sparkonnx.gpu.spark.ExecutorReports;
import io.sparkonnx.gpu.spark.OnnxGpuPlugin;
import io.sparkonnx.spark.bind.OnnxCondition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.SQLExecution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on the driver where calls run, once for each query and model, so that a query uses one
 * kind of device for equal calls.
 */
public final class DeviceDecisions {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceDecisions.class);

  /** Queries that are remembered. */
  private static final int REMEMBERED = 1024;

  private record Query(String application, String execution, String model, DevicePolicy policy) {}

  private static final Map<Query, DeviceDecision> DECIDED =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Query, DeviceDecision> eldest) {
          return size() > REMEMBERED;
        }
      };

  private DeviceDecisions() {}

  /** What is known before the query runs. Looks for no device. */
  public static DeviceDecision planned(DevicePolicy policy, SparkContext spark) {
    return policy.planned(noReports(spark));
  }

  /**
   * Decides at the start of the query that this thread runs.
   *
   * @param model the model's SHA-256
   * @throws org.apache.spark.sql.AnalysisException ONNX_DEVICE if a GPU is asked for, it is known
   *     that there is none, and the policy is to fail
   */
  public static DeviceDecision decide(DevicePolicy policy, String model, SparkContext spark) {
    if (planned(policy, spark).target().isPresent() && policy.device() != DeviceSetting.GPU) {
      return planned(policy, spark);
    }
    String execution = spark.getLocalProperty(SQLExecution.EXECUTION_ID_KEY());
    Query query = new Query(spark.applicationId(), execution, model, policy);
    synchronized (DECIDED) {
      DeviceDecision known = execution == null ? null : DECIDED.get(query);
      if (known == null) {
        known = fresh(policy, model, spark);
        DECIDED.put(query, known);
      }
      return known;
    }
  }

  private static DeviceDecision fresh(DevicePolicy policy, String model, SparkContext spark) {
    try {
      DeviceDecision decision =
          policy.decide(
              unavailable(spark),
              ExecutorReports.of(spark).map(reports -> reports.costs(model)).orElse(List.of()));
      String line = "Model " + model + " runs on " + decision.text();
      if (decision.warning()) {
        LOG.warn(line);
      } else {
        LOG.info(line);
      }
      return decision;
    } catch (GpuException e) {
      throw OnnxCondition.ONNX_DEVICE.raise(e.getMessage(), e);
    }
  }

  /** Why executors do not measure devices; nothing where they do. */
  private static Optional<String> noReports(SparkContext spark) {
    return ExecutorReports.of(spark).isPresent()
        ? Optional.empty()
        : Optional.of("spark.plugins has no " + OnnxGpuPlugin.class.getSimpleName());
  }

  /** Why there is no device; nothing where there is one or only executors know. */
  private static Optional<String> unavailable(SparkContext spark) {
    Optional<ExecutorReports> reports = ExecutorReports.of(spark);
    if (reports.isPresent()) {
      return reports.get().unavailable();
    }
    return spark.isLocal() ? ExecutorDevices.current().problem() : Optional.empty();
  }

  /** Names of the devices that executors use, as far as the driver knows them. */
  public static List<String> devices(SparkContext spark) {
    Optional<ExecutorReports> reports = ExecutorReports.of(spark);
    if (reports.isPresent()) {
      return reports.get().devices();
    }
    return spark.isLocal()
        ? ExecutorDevices.current().leases().budgets().stream().map(DeviceBudget::device).toList()
        : List.of();
  }
}
