package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.Model;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.Lease;
import io.sparkonnx.gpu.LeaseRequest;
import io.sparkonnx.gpu.TaskDevice;
import io.sparkonnx.spark.device.OpenDevices;
import io.sparkonnx.spark.model.CompiledModels;
import io.sparkonnx.spark.model.ModelLease;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Leases for the weights of this JVM's models on devices: taken by the first task that uses a model
 * there, closed when the model is dropped.
 */
final class DeviceWeightLeases {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final long POLL_MILLIS = 100;

  private static final Map<Model, Held> HELD = new ConcurrentHashMap<>();

  /** A lease and whose it is: another application's leases end with it. */
  private record Held(DeviceLeases leases, Lease lease) {}

  private DeviceWeightLeases() {}

  /**
   * Makes sure that a model's weights are counted on a device. Models that no task uses are dropped
   * where they take the room.
   *
   * @param bytes of the weights there
   * @param cancelled asked while this waits for batches of others to end
   * @throws GpuException OVER_BUDGET where weights in use leave too little; QUARANTINED, CANCELLED
   */
  static void hold(ModelLease model, TaskDevice device, long bytes, BooleanSupplier cancelled)
      throws InterruptedException {
    if (bytes == 0 || isHeld(model, device)) {
      return;
    }
    lock(cancelled);
    try {
      Held held = HELD.get(model.model());
      if (isHeld(model, device)) {
        return;
      }
      Lease lease = acquire(device, LeaseRequest.resident(device.name(), bytes), cancelled);
      HELD.put(model.model(), new Held(device.leases(), lease));
      if (held == null) {
        model.whenDropped(() -> giveBack(model.model()));
      }
    } finally {
      LOCK.unlock();
    }
  }

  private static boolean isHeld(ModelLease model, TaskDevice device) {
    Held held = HELD.get(model.model());
    return held != null && held.leases() == device.leases();
  }

  private static void lock(BooleanSupplier cancelled) throws InterruptedException {
    while (!LOCK.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (cancelled.getAsBoolean()) {
        throw new GpuException(
            GpuException.Code.CANCELLED, "cancelled while it waited for room for weights");
      }
    }
  }

  private static Lease acquire(TaskDevice device, LeaseRequest request, BooleanSupplier cancelled)
      throws InterruptedException {
    LeaseRequest cancellable = request.cancelledBy(cancelled);
    try {
      return device.leases().acquire(cancellable);
    } catch (GpuException e) {
      if (e.code() != GpuException.Code.OVER_BUDGET) {
        throw e;
      }
      dropIdle(device.name());
      return device.leases().acquire(cancellable);
    }
  }

  /** Makes room on a device: drops the models with weights there that no task uses. */
  static void dropIdle(String device) throws InterruptedException {
    CompiledModels.dropIdle(
        model -> {
          Held held = HELD.get(model);
          return held != null && held.lease().device().equals(device);
        });
  }

  /** Drops the models that no task uses and whose weights no lease of this application counts. */
  static void dropUncounted(DeviceLeases leases) throws InterruptedException {
    CompiledModels.dropIdle(
        model -> {
          Held held = HELD.get(model);
          return held != null && held.leases() != leases;
        });
  }

  /** A run that was killed may read the weights for a while. */
  private static void giveBack(Model model) {
    Lease lease = HELD.remove(model).lease();
    lease.closeWhen(() -> !OpenDevices.isBusy(lease.device()));
  }
}
