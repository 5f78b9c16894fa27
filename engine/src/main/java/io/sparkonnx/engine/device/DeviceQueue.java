package io.sparkonnx.engine.device;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * Work for a device in the order in which it is given, by one thread at a time; transfers may also
 * go beside it. Kernel objects belong to the queue, since their arguments are state.
 */
public final class DeviceQueue implements AutoCloseable {
  private final Device device;
  private final Driver driver;
  private final long limitNanos;
  private final cl_command_queue queue;
  private final cl_command_queue transfers;
  private final Map<String, cl_kernel> kernels = new HashMap<>();

  private final PinnedMemory pinned;
  private final Staging staging;
  private final Timeline timeline = new Timeline();
  private final RunningKernels running;
  private final Set<Mark> marks = new HashSet<>();
  private final Leftovers leftovers;
  private Waiting waiting;
  private boolean closed;
  private volatile boolean released;

  /** A point in a queue's work. */
  public static final class Mark {
    private final cl_event event;

    private Mark(cl_event event) {
      this.event = event;
    }
  }

  DeviceQueue(Device device, Duration limit) {
    this.device = device;
    this.driver = device.driver();
    this.limitNanos = limit.toNanos();
    this.leftovers = new Leftovers(driver);
    this.running = new RunningKernels(device, timeline);
    this.queue = device.newCommandQueue();
    try {
      this.transfers = device.newCommandQueue();
    } catch (RuntimeException e) {
      driver.release(queue);
      throw e;
    }
    onWait(() -> {});
    this.pinned = device.newPinned(queue, Staging.BYTES, waiting);
    this.staging = new Staging(pinned);
  }

  public Device device() {
    return device;
  }

  /**
   * @param question asked again and again during waits; throws to end one
   */
  public void onWait(Runnable question) {
    waiting = new Waiting(limitNanos, question, running::advanced);
  }

  /** Whether transfers go through memory that the device reaches by itself. */
  boolean isPinned() {
    return pinned != null;
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
   * @param arguments a {@link DeviceBuffer}, {@link LocalMemory}, {@link Integer} or {@link Float}
   *     each
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
    if (argument instanceof LocalMemory memory) {
      return CL.clSetKernelArg(kernel, index, memory.bytes(), null);
    }
    if (argument instanceof Integer number) {
      return CL.clSetKernelArg(kernel, index, Sizeof.cl_int, Pointer.to(new int[] {number}));
    }
    float[] number = {(Float) argument};
    return CL.clSetKernelArg(kernel, index, Sizeof.cl_float, Pointer.to(number));
  }

  /**
   * Copies {@code values[offset, offset + length)} to {@code buffer} from its element {@code at},
   * after all work that was given before.
   *
   * @param values a float[], int[], long[], short[] or byte[], whose elements are the buffer's
   */
  public void write(DeviceBuffer buffer, long at, Object values, int offset, int length) {
    write(queue, buffer, at, values, offset, length);
  }

  /** As {@link #write}, beside the work that goes on, which must not use the buffer. */
  public void writeBeside(DeviceBuffer buffer, Object values, int offset, int length) {
    write(transfers, buffer, 0, values, offset, length);
  }

  private void write(
      cl_command_queue by, DeviceBuffer to, long at, Object values, int offset, int length) {
    requireOpen();
    staging.write(
        at,
        values,
        offset,
        length,
        (from, count, host) -> transfer(by, driver::write, "upload", to, from, count, host));
  }

  /** The way back of {@link #write}. */
  public void read(DeviceBuffer buffer, long at, Object values, int offset, int length) {
    read(queue, buffer, at, values, offset, length);
  }

  /** The way back of {@link #writeBeside}. */
  public void readBeside(DeviceBuffer buffer, Object values, int offset, int length) {
    read(transfers, buffer, 0, values, offset, length);
  }

  private void read(
      cl_command_queue by, DeviceBuffer of, long at, Object values, int offset, int length) {
    requireOpen();
    staging.read(
        at,
        values,
        offset,
        length,
        (from, count, host) -> transfer(by, driver::read, "download", of, from, count, host));
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

  private void transfer(
      cl_command_queue by,
      Transfer way,
      String what,
      DeviceBuffer buffer,
      long at,
      long bytes,
      Pointer host) {
    cl_event event = new cl_event();
    device.check(way.enqueue(by, buffer.memory(this), at, bytes, host, event), what);
    try {
      await(by, event, what);
      device.transferred(bytes);
      timeline.transfer(
          driver.time(event, CL.CL_PROFILING_COMMAND_START),
          driver.time(event, CL.CL_PROFILING_COMMAND_END));
    } finally {
      driver.release(event);
    }
  }

  /** The end of all work that was given so far, which is started. */
  public Mark mark() {
    requireOpen();
    cl_event event = new cl_event();
    device.check(driver.marker(queue, event), "marker");
    Mark mark = new Mark(event);
    marks.add(mark);
    device.check(driver.flush(queue), "flush");
    return mark;
  }

  /** Waits for a point in the work; once for each. */
  public void await(Mark mark) {
    requireOpen();
    await(queue, mark.event, "work");
    marks.remove(mark);
    driver.release(mark.event);
  }

  /** Waits until all work is done. */
  public void finish() {
    await(mark());
  }

  /** How long the device worked for this queue, as far as its work was waited for. */
  public DeviceTimes times() {
    return timeline.times();
  }

  /**
   * An upload or download that is under way uses the staging memory, so a wait that is broken off
   * leaves a queue that can only be closed.
   */
  private void await(cl_command_queue by, cl_event event, String what) {
    device.check(driver.flush(by), "flush");
    int state = waiting.until(driver, event);
    if (state > CL.CL_COMPLETE) {
      throw device.health().hung(what, waiting);
    }
    device.check(state, what);
    running.advanced();
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
    boolean ended = !device.health().isHung() && hasEnded();
    marks.forEach(mark -> driver.release(mark.event));
    marks.clear();
    device.keep(this);
    if (ended) {
      release();
    }
  }

  private boolean hasEnded() {
    try {
      for (cl_event marker : leftovers.mark(List.of(queue, transfers))) {
        if (waiting.until(driver, marker) > CL.CL_COMPLETE) {
          device.health().hung("work", waiting);
          return false;
        }
      }
      return true;
    } catch (RuntimeException e) {
      // The question's answer, or a kernel's failure: nobody waits for the rest.
      return false;
    }
  }

  /** Whether a closed buffer stays until the work of this queue, which is closed, has ended. */
  boolean keepsUntilEnded(DeviceBuffer buffer) {
    return leftovers.keep(buffer);
  }

  /**
   * Lets go of everything if the work of this queue, which is closed, has ended. A device in which
   * no command of it ends within the limit is marked.
   */
  void releaseIfEnded() {
    if (leftovers.haveEnded()) {
      release();
    } else if (leftovers.areStuck(limitNanos, running::passed)) {
      device.health().hung("work of a run that was broken off", waiting);
    }
  }

  /**
   * Whether this queue, which is closed, has let go of everything.
   *
   * @throws DeviceException if the device has failed
   */
  public boolean isReleased() {
    if (!released) {
      device.health().require();
      releaseIfEnded();
    }
    return released;
  }

  private void release() {
    List<DeviceBuffer> kept = leftovers.take();
    if (kept != null) {
      running.release();
      kernels.values().forEach(driver::release);
      if (pinned != null) {
        pinned.release(driver, queue);
      }
      driver.release(queue);
      driver.release(transfers);
      kept.forEach(device::release);
      device.released(this);
      released = true;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the queue is closed");
    }
    device.requireUsable();
  }
}
