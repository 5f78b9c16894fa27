package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.device.DeviceBuffer;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

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

  private int holders = 1;

  public DeviceWeights(DeviceTarget target) {
    this.target = target;
  }

  DeviceTarget target() {
    return target;
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
    lock(queue);
    try {
      DeviceBuffer known = bySlot.get(slot);
      if (known == null) {
        known = upload(constant, queue);
        bySlot.put(slot, known);
      }
      return new DeviceArray(known, 0);
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

  private static DeviceBuffer upload(Tensor constant, DeviceQueue queue) {
    DeviceBuffer buffer = queue.allocate(
            (long) constant.type().storage().bytes() * constant.size());
    try {
      queue.writeBeside(buffer, constant.array(), constant.offset(), constant.size());
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
