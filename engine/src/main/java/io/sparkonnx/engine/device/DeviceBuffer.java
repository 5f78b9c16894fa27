package io.sparkonnx.engine.device;

import org.jocl.cl_mem;

/** Memory of a device, counted by it until closed and no longer used by work that goes on. */
public final class DeviceBuffer implements AutoCloseable {
  private final Device device;
  private final cl_mem memory;
  private final long bytes;
  private volatile DeviceQueue user;
  private boolean closed;

  DeviceBuffer(Device device, cl_mem memory, long bytes) {
    this.device = device;
    this.memory = memory;
    this.bytes = bytes;
  }

  public long bytes() {
    return bytes;
  }

  /** The memory, for a command of {@code queue}. */
  cl_mem memory(DeviceQueue queue) {
    if (closed) {
      throw new IllegalStateException("the buffer is closed");
    }
    user = queue;
    return memory;
  }

  cl_mem memory() {
    return memory;
  }

  /** Where work that nobody waits for still uses the buffer, it goes when that has ended. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (user == null || !user.keepsUntilEnded(this)) {
        device.release(this);
      }
    }
  }
}
