package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.DeviceNeed;
import io.sparkonnx.engine.DeviceRelease;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.device.DeviceTimes;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.Lease;
import io.sparkonnx.gpu.LeaseRequest;
import io.sparkonnx.gpu.TaskDevice;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import io.sparkonnx.gpu.spark.GpuAddresses;
import io.sparkonnx.spark.device.DeviceForm;
import io.sparkonnx.spark.model.ModelForm;
import java.util.Map;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.execution.metric.SQLMetric;

/**
 * A model on a device for one task. Each run takes a lease for the bytes that it needs there, and
 * frees them before it closes the lease; weights have a lease of their own.
 */
final class DeviceModel implements AutoCloseable {
  private final TaskDevice device;
  private final LentModel model;
  private final TaskContext task;
  private final DeviceMetrics metrics;
  private boolean holdsLease;
  private boolean weightsHeld;

  private DeviceModel(TaskDevice device, LentModel model, TaskContext task, DeviceMetrics metrics) {
    this.device = device;
    this.model = model;
    this.task = task;
    this.metrics = metrics;
  }

  /**
   * Chooses a device for the task and loads the model for it, where no other task has done so.
   *
   * @param load told how long the model was loaded
   * @param metrics told of the runs
   * @throws GpuException NO_DEVICE, UNKNOWN_DEVICE; or why its weights have no lease
   * @throws DeviceException what opening the device says; it is in quarantine then
   * @throws CallException where the model cannot be loaded
   */
  static DeviceModel open(
      CallPlan plan,
      Set<String> byColumns,
      TaskContext task,
      SQLMetric load,
      DeviceMetrics metrics,
      CallErrors errors) {
    TaskDevice device = ExecutorDevices.current().take(GpuAddresses.of(task));
    LentModel model = null;
    try {
      ModelForm form = new ModelForm(plan.call().computed(), byColumns, DeviceForm.of(device));
      model = LentModel.open(plan.model(), form, 1, task, load, errors);
      DeviceWeightLeases.dropUncounted(device.leases());
      return new DeviceModel(device, model, task, metrics);
    } catch (InterruptedException e) {
      close(model, device);
      throw interrupted(device, e);
    } catch (RuntimeException | Error e) {
      close(model, device);
      quarantine(device, e);
      throw e;
    }
  }

  private static void quarantine(TaskDevice device, Throwable failure) {
    if (failure instanceof DeviceException e) {
      switch (e.code()) {
        case LOST, HUNG, BUILD_FAILED, NOT_AVAILABLE -> device.quarantine(e.getMessage());
        case OUT_OF_MEMORY, FAILED -> {}
      }
    }
  }

  /**
   * Runs the model when the device has room.
   *
   * @throws GpuException why there is no lease: OVER_BUDGET if fewer rows may have one
   * @throws DeviceException what happened on the device; it is in quarantine if it is gone
   */
  Map<String, OnnxValue> run(Map<String, OnnxValue> inputs, RunOptions options) {
    try {
      return runOrQuarantine(inputs, options);
    } catch (InterruptedException e) {
      throw interrupted(device, e);
    }
  }

  private static OnnxException interrupted(TaskDevice device, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new OnnxException(
        OnnxException.Code.CANCELLED, "interrupted while it waited for " + device.name(), cause);
  }

  private Map<String, OnnxValue> runOrQuarantine(Map<String, OnnxValue> inputs, RunOptions options)
      throws InterruptedException {
    try {
      DeviceNeed need = model.session().deviceNeed(inputs);
      holdWeights(need.weightBytes());
      Lease lease = acquire(need.blockBytes());
      metrics.waiting().add(lease.waitedNanos());
      metrics.peakBytes().set(Math.max(metrics.peakBytes().value(), lease.bytes()));
      Map<String, OnnxValue> outputs = leased(lease, inputs, options);
      metrics.batches().add(1);
      return outputs;
    } catch (DeviceException e) {
      switch (e.code()) {
        case LOST, HUNG -> device.quarantine(e.getMessage());
        case OUT_OF_MEMORY -> DeviceWeightLeases.dropIdle(device.name());
        default -> {}
      }
      throw e;
    }
  }

  /** A lease, if need be after models that no task uses have left the device. */
  private Lease acquire(long bytes) throws InterruptedException {
    LeaseRequest request =
        LeaseRequest.of(device.name(), Math.max(1, bytes), task.taskAttemptId())
            .cancelledBy(task::isInterrupted);
    try {
      return device.leases().acquire(request);
    } catch (GpuException e) {
      if (e.code() != GpuException.Code.OVER_BUDGET) {
        throw e;
      }
      DeviceWeightLeases.dropIdle(device.name());
      return device.leases().acquire(request);
    }
  }

  private void holdWeights(long bytes) throws InterruptedException {
    if (weightsHeld) {
      return;
    }
    try {
      DeviceWeightLeases.hold(model.lease(), device, bytes, task::isInterrupted);
    } catch (GpuException e) {
      throw e.code() == GpuException.Code.OVER_BUDGET
          ? new GpuException(
              GpuException.Code.OUT_OF_MEMORY, "the model's weights: " + e.getMessage(), e)
          : e;
    }
    weightsHeld = true;
  }

  private Map<String, OnnxValue> leased(
      Lease lease, Map<String, OnnxValue> inputs, RunOptions options) {
    Session session = model.session();
    DeviceTimes before = session.deviceUse().times();
    long start = System.nanoTime();
    holdsLease = true;
    try {
      return session.run(inputs, options);
    } finally {
      holdsLease = false;
      release(lease);
      metrics.addRun(System.nanoTime() - start, session.deviceUse().times().minus(before));
    }
  }

  /** The lease lives as long as the device uses its bytes, which a killed run does not wait for. */
  private void release(Lease lease) {
    DeviceRelease release = DeviceRelease.DONE;
    try {
      release = model.session().releaseDevice();
    } finally {
      DeviceRelease last = release;
      lease.closeWhen(() -> isFree(last));
    }
  }

  /** A device that failed is used by nobody again. */
  private boolean isFree(DeviceRelease release) {
    try {
      return release.isDone();
    } catch (DeviceException e) {
      device.quarantine(e.getMessage());
      return true;
    }
  }

  /** What the device did for this task so far. */
  DeviceTimes times() {
    return model.session().deviceUse().times();
  }

  /** Counts a run that is made again with fewer rows. */
  void countRetry() {
    metrics.retries().add(1);
    device.leases().countRetry(device.name());
  }

  boolean holdsLease() {
    return holdsLease;
  }

  long workspaceBytes() {
    return model.session().workspaceBytes();
  }

  private static void close(LentModel model, TaskDevice device) {
    if (model != null) {
      model.close();
    }
    device.close();
  }

  @Override
  public void close() {
    close(model, device);
  }
}
