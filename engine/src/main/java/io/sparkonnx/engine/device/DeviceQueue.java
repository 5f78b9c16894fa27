package io.sparkonnx.engine.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final Device device;
  private final Driver driver;
  private final long limitNanos;
  private final cl_command_queue queue;
  private final Map<String, cl_kernel> kernels = new HashMap<>();

  /** Kernels that have not been seen to end, in their order. */
  private final Deque<cl_event> running = new ArrayDeque<>();

  private final FloatBuffer staging =
      ByteBuffer.allocateDirect(STAGING_BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
  private final List<DeviceBuffer> kept = new ArrayList<>();
  private Waiting waiting;
  private boolean closed;

  /** Ends when all work of a closed queue has; null for an open one. */
  private cl_event last;

  DeviceQueue(Device device, Duration limit) {
    this.device = device;
    this.driver = device.driver();
    this.limitNanos = limit.toNanos();
    this.queue = device.newCommandQueue();
    onWait(() -> {});
  }

  public Device device() {
    return device;
  }

  /**
   * @param question asked again and again during waits; throws to end one
   */
  public void onWait(Runnable question) {
    waiting = new Waiting(limitNanos, question, this::advanced);
  }

  /** Asks the question of {@link #onWait}. */
  public void ask() {
    waiting.question().run();
  }

  /** {@link Device#allocate}, with waits as this queue's. */
  public DeviceBuffer allocate(long bytes) {
    requireOpen();
    return device.allocate(bytes, waiting);
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
        kernels.computeIfAbsent(source.name() + "/" + kernel, key -> newKernel(source, kernel));
    for (int i = 0; i < arguments.length; i++) {
      device.check(set(object, i, arguments[i]), kernel + "'s argument " + i);
    }
    cl_event ended = new cl_event();
    device.check(driver.run(queue, object, global, local, ended), "kernel " + kernel);
    running.add(ended);
  }

  private cl_kernel newKernel(ProgramSource source, String kernel) {
    int[] status = new int[1];
    cl_kernel made = driver.newKernel(device.programs().get(source), kernel, status);
    device.check(status[0], "kernel " + kernel);
    return made;
  }

  private int set(cl_kernel kernel, int index, Object argument) {
    if (argument instanceof DeviceBuffer buffer) {
      return CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(buffer.memory(this)));
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
      transfer(driver::write, "upload", buffer, at + done, count);
    }
  }

  /** The way back of {@link #write}. */
  public void read(DeviceBuffer buffer, long at, float[] values, int offset, int length) {
    requireOpen();
    for (int done = 0; done < length; done += staging.capacity()) {
      int count = Math.min(staging.capacity(), length - done);
      transfer(driver::read, "download", buffer, at + done, count);
      staging.get(0, values, offset + done, count);
    }
  }

  /** A driver's way to copy between a buffer and memory of the host. */
  private interface Transfer {
    int enqueue(
        cl_command_queue queue,
        cl_mem memory,
        long offset,
        long bytes,
        Pointer host,
        cl_event event);
  }

  /** Copies {@code count} elements between the staging memory and {@code buffer}, and waits. */
  private void transfer(Transfer way, String what, DeviceBuffer buffer, long at, int count) {
    cl_event event = new cl_event();
    device.check(
        way.enqueue(
            queue,
            buffer.memory(this),
            Float.BYTES * at,
            (long) Float.BYTES * count,
            Pointer.to(staging),
            event),
        what);
    await(event, what);
  }

  /** Waits until all work is done. */
  public void finish() {
    requireOpen();
    cl_event event = new cl_event();
    device.check(driver.marker(queue, event), "marker");
    await(event, "work");
  }

  /**
   * An upload or download that is under way uses the staging memory, so a wait that is broken off
   * leaves a queue that can only be closed.
   */
  private void await(cl_event event, String what) {
    try {
      device.check(driver.flush(queue), "flush");
      int state = waiting.until(driver, event);
      if (state > CL.CL_COMPLETE) {
        throw device.hung(what, waiting);
      }
      device.check(state, what);
    } finally {
      driver.release(event);
    }
    advanced();
  }

  /**
   * Takes away kernels that have ended.
   *
   * @return whether there was one
   * @throws DeviceException if one failed
   */
  private boolean advanced() {
    boolean any = false;
    int[] state = new int[1];
    while (!running.isEmpty()) {
      device.check(driver.state(running.peek(), state), "state of a kernel");
      if (state[0] > CL.CL_COMPLETE) {
        break;
      }
      driver.release(running.poll());
      device.check(state[0], "kernel");
      any = true;
    }
    return any;
  }

  /**
   * Waits for work that is under way, unless the question ends the wait or the device hangs. What
   * goes on then keeps what it uses until it has ended.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean ended = !device.isHung() && hasEnded();
    running.forEach(driver::release);
    running.clear();
    if (ended) {
      release();
    } else {
      device.keep(this);
    }
  }

  private boolean hasEnded() {
    cl_event marker = new cl_event();
    if (driver.marker(queue, marker) != CL.CL_SUCCESS) {
      return true;
    }
    synchronized (this) {
      last = marker;
    }
    try {
      driver.flush(queue);
      if (waiting.until(driver, marker) <= CL.CL_COMPLETE) {
        return true;
      }
      device.hung("work", waiting);
    } catch (RuntimeException e) {
      // The question's answer, or a kernel's failure: nobody waits for the rest.
    }
    return false;
  }

  /** Whether a closed buffer stays until the work of this queue, which is closed, has ended. */
  synchronized boolean keepsUntilEnded(DeviceBuffer buffer) {
    return last != null && kept.add(buffer);
  }

  /** Lets go of everything if the work of this queue, which is closed, has ended. */
  synchronized void releaseIfEnded() {
    int[] state = new int[1];
    if (last != null
        && (driver.state(last, state) != CL.CL_SUCCESS || state[0] <= CL.CL_COMPLETE)) {
      release();
    }
  }

  private synchronized void release() {
    if (last != null) {
      driver.release(last);
      last = null;
    }
    kernels.values().forEach(driver::release);
    kernels.clear();
    driver.release(queue);
    kept.forEach(device::release);
    kept.clear();
    device.released(this);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the queue is closed");
    }
    device.requireUsable();
  }
}
