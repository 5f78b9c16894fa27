package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.device.DeviceBuffer;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.tensor.FloatTensor;
import java.util.HashMap;
import java.util.Map;

/**
 * One model's constants on one device, each uploaded when a step first reads it. They stay until
 * the model and all its sessions are closed.
 */
public final class DeviceWeights implements AutoCloseable {
  private final DeviceTarget target;
  private final Map<Integer, DeviceBuffer> bySlot = new HashMap<>();
  private int holders = 1;

  public DeviceWeights(DeviceTarget target) {
    this.target = target;
  }

  DeviceTarget target() {
    return target;
  }

  synchronized void hold() {
    if (holders == 0) {
      throw new IllegalStateException("the model is closed");
    }
    holders++;
  }

  synchronized DeviceArray get(int slot, FloatTensor constant, DeviceQueue queue) {
    DeviceBuffer known = bySlot.get(slot);
    if (known == null) {
      known = target.device().allocate((long) Float.BYTES * constant.size());
      try {
        queue.write(known, 0, constant.array(), constant.offset(), constant.size());
      } catch (RuntimeException e) {
        known.close();
        throw e;
      }
      bySlot.put(slot, known);
    }
    return new DeviceArray(known, 0);
  }

  /** Lets go of one hold; the model has one, and each session. */
  @Override
  public synchronized void close() {
    if (holders > 0 && --holders == 0) {
      bySlot.values().forEach(DeviceBuffer::close);
      bySlot.clear();
    }
  }
}
