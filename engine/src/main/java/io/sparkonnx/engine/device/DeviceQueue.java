package io.sparkonnx.engine.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * Work for a device in the order in which it is given, by one thread at a time. Kernel objects
 * belong to the queue, since their arguments are state.
 */
public final class DeviceQueue implements AutoCloseable {
  private static final int STAGING_BYTES = 4 << 20;
  private static final int SPINS = 200;
  private static final long PAUSE_NANOS = 50_000;

  private final Device device;
  private final cl_command_queue queue;
  private final Map<String, cl_kernel> kernels = new HashMap<>();
  private final FloatBuffer staging =
      ByteBuffer.allocateDirect(STAGING_BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
  private Runnable interruption = () -> {};
  private boolean closed;

  DeviceQueue(Device device) {
    this.device = device;
    this.queue = device.newCommandQueue();
  }

  public Device device() {
    return device;
  }

  /**
   * @param question asked again and again during waits; throws to end one
   */
  public void onWait(Runnable question) {
    interruption = question;
  }

  /**
   * Queues a kernel.
   *
   * @param global items of up to three axes, multiples of {@code local}
   * @param local items of a work-group
   * @param arguments a {@link DeviceBuffer}, {@link Integer} or {@link Float} each
   */
  public void run(
      ProgramSource source, String kernel, long[] global, long[] local, Object... arguments) {
    requireOpen();
    cl_kernel object =
        kernels.computeIfAbsent(
            source.name() + "/" + kernel,
            key -> {
              int[] status = new int[1];
              cl_kernel made = CL.clCreateKernel(device.program(source), kernel, status);
              Status.check(status[0], "kernel " + key);
              return made;
            });
    for (int i = 0; i < arguments.length; i++) {
      Status.check(set(object, i, arguments[i]), kernel + "'s argument " + i);
    }
    Status.check(
        CL.clEnqueueNDRangeKernel(queue, object, global.length, null, global, local, 0, null, null),
        "kernel " + kernel);
  }

  private static int set(cl_kernel kernel, int index, Object argument) {
    if (argument instanceof DeviceBuffer buffer) {
      return CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(buffer.memory()));
    }
    if (argument instanceof Integer number) {
      return CL.clSetKernelArg(kernel, index, Sizeof.cl_int, Pointer.to(new int[] {number}));
    }
    float[] number = {(Float) argument};
    return CL.clSetKernelArg(kernel, index, Sizeof.cl_float, Pointer.to(number));
  }

  /**
   * Copies {@code values[offset, offset + length)} to {@code buffer} from its element {@code at}.
   */
  public void write(DeviceBuffer buffer, long at, float[] values, int offset, int length) {
    requireOpen();
    for (int done = 0; done < length; done += staging.capacity()) {
      int count = Math.min(staging.capacity(), length - done);
      staging.put(0, values, offset + done, count);
      transfer(CL::clEnqueueWriteBuffer, "upload", buffer, at + done, count);
    }
  }

  /** The way back of {@link #write}. */
  public void read(DeviceBuffer buffer, long at, float[] values, int offset, int length) {
    requireOpen();
    for (int done = 0; done < length; done += staging.capacity()) {
      int count = Math.min(staging.capacity(), length - done);
      transfer(CL::clEnqueueReadBuffer, "download", buffer, at + done, count);
      staging.get(0, values, offset + done, count);
    }
  }

  /** OpenCL's calls that copy between a buffer and memory of the host. */
  private interface Transfer {
    int enqueue(
        cl_command_queue queue,
        cl_mem buffer,
        boolean blocking,
        long offset,
        long bytes,
        Pointer host,
        int waits,
        cl_event[] waitList,
        cl_event event);
  }

  /** Copies {@code count} elements between the staging memory and {@code buffer}, and waits. */
  private void transfer(Transfer way, String what, DeviceBuffer buffer, long at, int count) {
    cl_event event = new cl_event();
    Status.check(
        way.enqueue(
            queue,
            buffer.memory(),
            false,
            Float.BYTES * at,
            (long) Float.BYTES * count,
            Pointer.to(staging),
            0,
            null,
            event),
        what);
    await(event);
  }

  /** Waits until all work is done. */
  public void finish() {
    requireOpen();
    cl_event event = new cl_event();
    Status.check(CL.clEnqueueMarkerWithWaitList(queue, 0, null, event), "marker");
    await(event);
  }

  /**
   * An upload or download that is under way uses the staging memory, so a wait that is broken off
   * leaves a queue that can only be closed.
   */
  private void await(cl_event event) {
    try {
      Status.check(CL.clFlush(queue), "flush");
      int[] state = new int[1];
      for (int polls = 0; ; polls++) {
        Status.check(
            CL.clGetEventInfo(
                event,
                CL.CL_EVENT_COMMAND_EXECUTION_STATUS,
                Sizeof.cl_int,
                Pointer.to(state),
                null),
            "state of a command");
        if (state[0] == CL.CL_COMPLETE) {
          return;
        }
        if (state[0] < 0) {
          throw Status.failure(state[0], "a command of " + device.info().id());
        }
        interruption.run();
        if (polls > SPINS) {
          LockSupport.parkNanos(PAUSE_NANOS);
        } else {
          Thread.onSpinWait();
        }
      }
    } finally {
      CL.clReleaseEvent(event);
    }
  }

  /** Waits for work that is under way and lets go of the kernels. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      CL.clFinish(queue);
      kernels.values().forEach(CL::clReleaseKernel);
      CL.clReleaseCommandQueue(queue);
      device.closed(this);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the queue is closed");
    }
  }
}
