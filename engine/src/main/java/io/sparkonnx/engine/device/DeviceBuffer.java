package io.sparkonnx.engine.device;

import org.jocl.CL;
import org.jocl.cl_mem;

/** Memory of a device, counted by it until closed. */
public final class DeviceBuffer implements AutoCloseable {
  private final Device device;
  private final cl_mem memory;
  private final long bytes;
  private boolean closed;

  DeviceBuffer(Device device, cl_mem memory, long bytes) {
    this.device = device;
    this.memory = memory;
    this.bytes = bytes;
  }

  public long bytes() {
    return bytes;
  }

  cl_mem memory() {
    if (closed) {
      throw new IllegalStateException("the buffer is closed");
    }
    return memory;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      CL.clReleaseMemObject(memory);
      device.released(this);
    }
  }
}
