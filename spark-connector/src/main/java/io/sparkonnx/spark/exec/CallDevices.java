package io.sparkonnx.spark.exec;

import io.sparkonnx.gpu.placement.DeviceDecision;
import io.sparkonnx.gpu.placement.DeviceDecision.Target;
import io.sparkonnx.gpu.placement.DevicePolicy;
import io.sparkonnx.gpu.spark.ExecutorReports;
import io.sparkonnx.gpu.spark.GpuAddresses;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.device.DeviceDecisions;
import io.sparkonnx.spark.device.Placement;
import io.sparkonnx.spark.plan.OnnxPredict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/** Where the calls of a node run: decided when it is executed, planned before. */
final class CallDevices {
  private static final Map<List<Number>, ResourceProfile> PROFILES = new HashMap<>();

  private final List<OnnxPredict> calls;
  private final OnnxConf settings;
  private final SparkContext spark;
  private final DeviceDecision[] decided;

  CallDevices(List<OnnxPredict> calls, OnnxConf settings, SparkContext spark) {
    this.calls = calls;
    this.settings = settings;
    this.spark = spark;
    this.decided = new DeviceDecision[calls.size()];
  }

  private DevicePolicy policy(int call) {
    return settings.devicePolicy(calls.get(call).call().options());
  }

  /** Decides for the execution that this thread starts. */
  synchronized Placement decide(int call) {
    DevicePolicy policy = policy(call);
    String model = calls.get(call).call().model().sha256();
    decided[call] = DeviceDecisions.decide(policy, model, spark);
    return Placement.of(decided[call], policy, ExecutorReports.of(spark).isPresent());
  }

  private synchronized DeviceDecision known(int call) {
    return decided[call] == null ? DeviceDecisions.planned(policy(call), spark) : decided[call];
  }

  /** The stage's rows with the resources that its tasks need, where the session asks for some. */
  <T> RDD<T> withResources(RDD<T> rows) {
    Double amount = settings.gpuPerTask();
    boolean wanted = amount != null && mayUseDevice() && !spark.isLocal();
    if (!wanted) {
      return rows;
    }
    return rows.withResources(profile(amount, spark.conf().getInt("spark.task.cpus", 1)));
  }

  /** One object for equal requests: Spark takes every other one for other resources. */
  private static synchronized ResourceProfile profile(double amount, int cpus) {
    return PROFILES.computeIfAbsent(
        List.of(amount, cpus),
        key ->
            new ResourceProfileBuilder()
                .require(
                    new TaskResourceRequests().cpus(cpus).resource(GpuAddresses.RESOURCE, amount))
                .build());
  }

  /** For EXPLAIN, e.g. {@code gpu (asked for), pci:0000:65:00.0}. */
  String text(int call) {
    DeviceDecision decision = known(call);
    List<String> devices = isOn(decision, Target.GPU) ? DeviceDecisions.devices(spark) : List.of();
    return devices.isEmpty()
        ? decision.text()
        : decision.text() + ", " + String.join(", ", devices);
  }

  private static boolean isOn(DeviceDecision decision, Target target) {
    return decision.target().equals(Optional.of(target));
  }

  /** Whether a call may run on a device, or be measured there. */
  boolean hasMetrics() {
    boolean isHeard = ExecutorReports.of(spark).isPresent();
    return IntStream.range(0, calls.size())
        .mapToObj(call -> Placement.of(known(call), policy(call), isHeard))
        .anyMatch(placement -> placement.onDevice() || placement.measured());
  }

  private boolean mayUseDevice() {
    return IntStream.range(0, calls.size()).anyMatch(call -> !isOn(known(call), Target.CPU));
  }

  /**
   * Names of the devices that runs were on, {@code cpu} where some were there; {@code gpu} where
   * the driver knows no name.
   *
   * @param metrics of the node, after its tasks
   */
  List<String> ranOn(TaskMetrics metrics) {
    List<String> names = new ArrayList<>();
    boolean onDevice = metrics.device().batches().value() > 0;
    boolean onCpu = metrics.device().moved().value() > 0 || anyOn(Target.CPU);
    if (onDevice) {
      List<String> known = DeviceDecisions.devices(spark);
      names.addAll(known.isEmpty() ? List.of("gpu") : known);
    }
    if (onCpu && metrics.batches().value() > 0) {
      names.add("cpu");
    }
    return names;
  }

  private boolean anyOn(Target target) {
    return IntStream.range(0, calls.size()).anyMatch(call -> isOn(known(call), target));
  }

  /** Names of the devices, where one is asked for and the driver knows them. */
  List<String> names() {
    return anyOn(Target.GPU) ? DeviceDecisions.devices(spark) : List.of();
  }
}
