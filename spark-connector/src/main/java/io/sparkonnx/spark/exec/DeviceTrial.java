package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.device.DeviceTimes;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.gpu.placement.DeviceCosts;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures a call on a device beside the CPU, which it runs on: once for each model in an executor,
 * by one task, with one of its batches. The results are the CPU's.
 */
final class DeviceTrial implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceTrial.class);

  private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+)(?:,.*)?]");

  /** Runs on the CPU before the trial; the first ones are slow, and the fastest one counts. */
  private static final int CPU_RUNS = 4;

  /** Runs on the device, of which the fastest counts. */
  private static final int DEVICE_RUNS = 3;

  private final ExecutorDevices devices;
  private final CallPlan plan;
  private final Set<String> byColumns;
  private final TaskContext task;
  private final TaskMetrics metrics;
  private final CallErrors errors;
  private double cpuSecondsPerRow;

  /** Bytes of the largest runs so far, the only ones that count. */
  private long largest;

  private int runs;
  private DeviceModel device;
  private long nanos;
  private boolean over;

  private DeviceTrial(
      ExecutorDevices devices,
      CallPlan plan,
      Set<String> byColumns,
      TaskContext task,
      TaskMetrics metrics,
      CallErrors errors) {
    this.devices = devices;
    this.plan = plan;
    this.byColumns = byColumns;
    this.task = task;
    this.metrics = metrics;
    this.errors = errors;
  }

  /** The trial that this task is to make; null where none is wanted or another task makes it. */
  static DeviceTrial begin(
      CallPlan plan,
      Set<String> byColumns,
      TaskContext task,
      TaskMetrics metrics,
      CallErrors errors) {
    if (!plan.placement().measured()) {
      return null;
    }
    ExecutorDevices devices = ExecutorDevices.current();
    return devices.beginTrial(plan.call().model().sha256())
        ? new DeviceTrial(devices, plan, byColumns, task, metrics, errors)
        : null;
  }

  /**
   * Told of a run on the CPU.
   *
   * @param nanos that it took
   */
  void ran(
      Map<String, OnnxValue> inputs,
      Map<String, OnnxValue> outputs,
      int rows,
      long nanos,
      RunOptions options) {
    long bytes = ValueBytes.of(inputs.values());
    if (over || bytes < largest) {
      return;
    }
    if (bytes > largest) {
      largest = bytes;
      runs = 0;
      cpuSecondsPerRow = Double.POSITIVE_INFINITY;
    }
    cpuSecondsPerRow = Math.min(cpuSecondsPerRow, nanos * 1e-9 / rows);
    if (++runs == CPU_RUNS) {
      measure(inputs, outputs, rows, options);
      over = true;
    }
  }

  /** A device that cannot do it harms nobody: the rows have their results. */
  private void measure(
      Map<String, OnnxValue> inputs, Map<String, OnnxValue> outputs, int rows, RunOptions options) {
    DeviceMetrics unseen = DeviceMetrics.unseen();
    long began = System.nanoTime();
    try {
      device = DeviceModel.open(plan, byColumns, task, unseen.trial(), unseen, errors);
      run(inputs, options);
      double seconds = Double.POSITIVE_INFINITY;
      DeviceTimes times = null;
      for (int i = 0; i < DEVICE_RUNS; i++) {
        DeviceTimes before = device.times();
        long start = System.nanoTime();
        run(inputs, options);
        double taken = (System.nanoTime() - start) * 1e-9;
        if (taken < seconds) {
          seconds = taken;
          times = device.times().minus(before);
        }
      }
      DeviceCosts costs = costs(inputs.values(), outputs.values(), rows, seconds, times);
      LOG.info("{}: {}", errors.call(), costs);
      devices.endTrial(plan.call().model().sha256(), costs);
    } catch (RuntimeException | LinkageError e) {
      task.killTaskIfInterrupted();
      LOG.info("{} cannot be measured on a device: {}", errors.call(), e.getMessage());
    } finally {
      closeDevice();
      nanos = System.nanoTime() - began;
      metrics.device().trial().add(nanos);
    }
  }

  /** Time that the trial took. */
  long nanos() {
    return nanos;
  }

  private void run(Map<String, OnnxValue> inputs, RunOptions options) {
    while (true) {
      try {
        device.run(inputs, options);
        return;
      } catch (MemoryBeforeLeaseException e) {
        options.memory().accept(e.bytes());
      }
    }
  }

  private void closeDevice() {
    if (device != null) {
      device.close();
      device = null;
    }
  }

  /** Whether a run on the device is under way. */
  boolean holdsLease() {
    return device != null && device.holdsLease();
  }

  private DeviceCosts costs(
      Collection<OnnxValue> inputs,
      Collection<OnnxValue> outputs,
      int rows,
      double seconds,
      DeviceTimes times) {
    double up = ValueBytes.of(inputs);
    double down = ValueBytes.of(outputs);
    double transfer = Math.max(1, times.transferNanos()) * 1e-9;
    double kernels = times.kernelNanos() * 1e-9;
    double shown = kernels + transfer - times.overlapNanos() * 1e-9;
    return new DeviceCosts(
        tasks(),
        cpuSecondsPerRow,
        devices.leases().budgets().size(),
        rows,
        up / rows,
        down / rows,
        (up + down) / transfer,
        kernels / rows,
        Math.max(0, seconds - shown));
  }

  /** Tasks that run here at once. */
  private int tasks() {
    SparkConf conf = SparkEnv.get().conf();
    Matcher local = LOCAL.matcher(conf.get("spark.master", ""));
    int cores =
        local.matches()
            ? Integer.parseInt(local.group(1))
            : conf.getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors());
    return Math.max(1, cores / task.cpus());
  }

  /** Leaves the trial to another task where this one was killed or had too few batches. */
  @Override
  public void close() {
    if (!over) {
      devices.leaveTrial(plan.call().model().sha256());
    }
  }
}
