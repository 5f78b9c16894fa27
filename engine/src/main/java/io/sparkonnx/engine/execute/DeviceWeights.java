package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.device.DeviceBuffer;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One model's constants on one device, each uploaded when a step first reads it. They stay until
 * the model and all its sessions are closed.
 */
public final class DeviceWeights implements AutoCloseable {
  private static final long PAUSE_NANOS = 100_000;

  private final DeviceTarget target;
  private final ReentrantLock lock = new ReentrantLock();

  /** What steps keep beside their inputs is under the complement of their result's slot. */
  private final Map<Integer, DeviceBuffer> bySlot = new HashMap<>();

  private Set<Integer> halves;
  private int holders = 1;

  public DeviceWeights(DeviceTarget target) {
    this.target = target;
  }

  DeviceTarget target() {
    return target;
  }

  /**
   * Slots of the constants that are held as float16.
   *
   * @param plan the model's
   */
  Set<Integer> halves(Plan plan) {
    lock.lock();
    try {
      if (halves == null) {
        halves = target.float16() ? HalfWeights.of(plan) : Set.of();
      }
      return halves;
    } finally {
      lock.unlock();
    }
  }

  void hold() {
    lock.lock();
    try {
      if (holders == 0) {
        throw new IllegalStateException("the model is closed");
      }
      holders++;
    } finally {
      lock.unlock();
    }
  }

  /** A constant; the first call uploads it by {@code queue}, others ask their queue's question. */
  DeviceArray get(int slot, Tensor constant, DeviceQueue queue) {
    Storage storage = constant.type().storage();
    DeviceBuffer buffer =
        find(
            slot,
            queue,
            () -> upload(storage, constant.array(), constant.offset(), constant.size(), queue));
    return new DeviceArray(buffer, 0);
  }

  /** The same for a constant that is held as float16. */
  DeviceArray half(int slot, FloatTensor constant, DeviceQueue queue) {
    DeviceBuffer buffer =
        find(
            slot,
            queue,
            () -> {
              short[] halves = HalfWeights.rounded(constant);
              return upload(Storage.SHORT, halves, 0, halves.length, queue);
            });
    return new DeviceArray(buffer, 0, true);
  }

  private DeviceBuffer find(int slot, DeviceQueue queue, Supplier<DeviceBuffer> upload) {
    lock(queue);
    try {
      DeviceBuffer known = bySlot.get(slot);
      if (known == null) {
        known = upload.get();
        bySlot.put(slot, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private void lock(DeviceQueue queue) {
    while (!lock.tryLock()) {
      queue.ask();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static DeviceBuffer upload(
      Storage storage, Object values, int offset, int length, DeviceQueue queue) {
    DeviceBuffer buffer = queue.allocate((long) storage.bytes() * length);
    try {
      queue.writeBeside(buffer, values, offset, length);
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
    return buffer;
  }

  /** Numbers that the step which gives a slot's value has beside its inputs. */
  DeviceArray kept(int slot, float[] values, DeviceQueue queue) {
    return get(~slot, Tensor.of(values, values.length), queue);
  }

  /** Lets go of one hold; the model has one, and each session. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (holders > 0 && --holders == 0) {
        bySlot.values().forEach(DeviceBuffer::close);
        bySlot.clear();
      }
    } finally {
      lock.unlock();
    }
  }
}
