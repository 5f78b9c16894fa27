package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.placement.DeviceDecision;
import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.gpu.placement.FailedDevice;
import io.sparkonnx.gpu.placement.MissingDevice;
import io.sparkonnx.spark.model.ModelForm;
import java.util.Map;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call's model in one task, on a device where the query's placement says so. Where there is none
 * or it fails, the policy decides between failing the task and going on on the CPU.
 */
final class TaskModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskModel.class);

  private final CallPlan plan;
  private final Set<String> byColumns;
  private final TaskContext task;
  private final TaskMetrics metrics;
  private final CallErrors errors;

  /** Null on the CPU. */
  private DeviceModel device;

  /** Null on a device. */
  private LentModel model;

  /** Null where nothing is measured. */
  private DeviceTrial trial;

  /**
   * @param byColumns inputs that come by columns
   * @throws CallException where the model cannot be had
   */
  TaskModel(
      CallPlan plan,
      Set<String> byColumns,
      TaskContext task,
      TaskMetrics metrics,
      CallErrors errors) {
    this.plan = plan;
    this.byColumns = byColumns;
    this.task = task;
    this.metrics = metrics;
    this.errors = errors;
    if (plan.placement().onDevice()) {
      openOnDevice();
    } else {
      openOnCpu();
      trial = DeviceTrial.begin(plan, byColumns, task, metrics, errors);
    }
  }

  private void openOnCpu() {
    ModelForm form = new ModelForm(plan.call().computed(), byColumns, null);
    int threads = plan.call().options().threads(task.cpus());
    model = LentModel.open(plan.model(), form, threads, task, metrics.load(), errors);
  }

  private void openOnDevice() {
    try {
      device = DeviceModel.open(plan, byColumns, task, metrics.load(), metrics.device(), errors);
    } catch (GpuException e) {
      switch (e.code()) {
        case CANCELLED, SHUT_DOWN -> throw stopped(e);
        case NO_DEVICE, UNKNOWN_DEVICE -> missing(e);
        default -> failedAtOpening(e);
      }
    } catch (DeviceException e) {
      failedAtOpening(e);
    }
  }

  /** Nobody asked for a device where it was chosen by measurements. */
  private boolean isChosen() {
    return plan.placement().policy().device() == DeviceSetting.AUTO;
  }

  private void failedAtOpening(RuntimeException cause) {
    if (isChosen()) {
      LOG.warn("{} runs on the CPU: {}", errors.call(), cause.getMessage());
      openOnCpu();
    } else {
      moveToCpu(cause);
    }
  }

  private void missing(GpuException cause) {
    MissingDevice policy = isChosen() ? MissingDevice.WARN : plan.placement().policy().missing();
    if (policy == MissingDevice.FAIL) {
      throw errors.device("a GPU is asked for and there is none: " + cause.getMessage(), cause);
    }
    if (policy == MissingDevice.WARN) {
      LOG.warn("{} runs on the CPU, since there is no GPU: {}", errors.call(), cause.getMessage());
    }
    openOnCpu();
  }

  /** Goes on on the CPU, or throws where the policy is to fail. */
  private void moveToCpu(RuntimeException cause) {
    DeviceDecision decision =
        plan.placement()
            .policy()
            .afterFailure(cause.getMessage())
            .orElseThrow(() -> errors.device(cause.getMessage(), cause));
    LOG.warn("{} runs on {}", errors.call(), decision.text());
    closeDevice();
    openOnCpu();
  }

  /**
   * Runs the model.
   *
   * @param rows rows of the inputs
   * @throws OnnxException as {@link io.sparkonnx.engine.Session#run}; LIMIT_EXCEEDED also where the
   *     device has not the memory
   * @throws CallException where the device failed and the policy is to fail
   */
  Map<String, OnnxValue> run(Map<String, OnnxValue> inputs, int rows, RunOptions options) {
    if (device == null) {
      return runOnCpu(inputs, rows, options);
    }
    try {
      return device.run(inputs, options);
    } catch (GpuException e) {
      switch (e.code()) {
        case OVER_BUDGET -> throw noMemory(e);
        case CANCELLED, SHUT_DOWN -> throw stopped(e);
        default -> moveToCpu(e);
      }
    } catch (DeviceException e) {
      if (e.code() == DeviceException.Code.OUT_OF_MEMORY) {
        throw noMemory(e);
      }
      moveToCpu(e);
    }
    return runOnCpu(inputs, rows, options);
  }

  private Map<String, OnnxValue> runOnCpu(
      Map<String, OnnxValue> inputs, int rows, RunOptions options) {
    if (plan.placement().onDevice()) {
      metrics.device().moved().add(1);
    }
    if (trial == null) {
      return model.session().run(inputs, options);
    }
    long start = System.nanoTime();
    Map<String, OnnxValue> outputs = model.session().run(inputs, options);
    trial.ran(inputs, outputs, rows, System.nanoTime() - start, options);
    return outputs;
  }

  /** A refusal that fewer rows may avoid. */
  private static OnnxException noMemory(RuntimeException cause) {
    return new OnnxException(OnnxException.Code.LIMIT_EXCEEDED, cause.getMessage(), cause);
  }

  private static OnnxException stopped(GpuException cause) {
    return new OnnxException(OnnxException.Code.CANCELLED, cause.getMessage(), cause);
  }

  /**
   * Goes on on the CPU where the device has no memory for a run that cannot be smaller and the
   * policy is so.
   *
   * @param failure of the run
   * @return whether the run may be made again
   */
  boolean leaveDevice(OnnxException failure) {
    boolean ofDevice =
        failure.getCause() instanceof GpuException || failure.getCause() instanceof DeviceException;
    boolean allowed = plan.placement().policy().failed() == FailedDevice.CPU;
    if (device == null || !ofDevice || !allowed) {
      return false;
    }
    moveToCpu(new GpuException(GpuException.Code.OUT_OF_MEMORY, failure.getMessage(), failure));
    return true;
  }

  /** Whether the failure is that a run's rows were too many for the device. */
  void countRetry(OnnxException failure) {
    if (device != null && failure.getCause() instanceof RuntimeException) {
      device.countRetry();
    }
  }

  /** Whether a run is under way that holds a lease, and so must not wait for anybody. */
  boolean holdsLease() {
    return (device != null && device.holdsLease()) || (trial != null && trial.holdsLease());
  }

  /** Time that was spent to measure a device, beside the runs. */
  long trialNanos() {
    return trial == null ? 0 : trial.nanos();
  }

  /** Bytes of the session's working memory on the JVM's heap. */
  long workspaceBytes() {
    return device == null ? model.session().workspaceBytes() : device.workspaceBytes();
  }

  private void closeDevice() {
    if (device != null) {
      device.close();
      device = null;
    }
  }

  @Override
  public void close() {
    if (trial != null) {
      trial.close();
    }
    closeDevice();
    if (model != null) {
      model.close();
    }
  }
}
