package io.sparkonnx.engine.device;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * An open device: its context, its built programs and its buffers. Shared by all threads; each has
 * a {@link DeviceQueue} of its own.
 *
 * <p>A device that is lost, or on which work did not end, is not used again: every later call
 * throws the same failure at once.
 */
public final class Device implements AutoCloseable {
  /** How long a command may take until the device counts as hung, where nothing else is said. */
  public static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);

  private static final long CLOSE_NANOS = 10_000_000_000L;
  private static final long PAUSE_NANOS = 1_000_000;

  private final DeviceInfo info;
  private final Driver driver;
  private final cl_device_id handle;
  private final cl_context context;
  private final cl_command_queue commits;
  private final Probe probe;
  private final Programs programs;
  private final Health health;
  private final Set<DeviceQueue> queues = new HashSet<>();
  private final Set<DeviceQueue> unfinished = new HashSet<>();
  private final Set<DeviceBuffer> buffers = new HashSet<>();
  private final LongAdder transferred = new LongAdder();
  private long bytes;
  private long peakBytes;
  private boolean closed;

  Device(Devices.Handle found, Driver driver) {
    this.info = found.info();
    this.driver = driver;
    this.handle = found.device();
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, found.platform());
    int[] status = new int[1];
    context = CL.clCreateContext(properties, 1, new cl_device_id[] {handle}, null, null, status);
    Status.check(status[0], "context of " + info.id());
    programs = new Programs(this, context, handle);
    commits = driver.newQueue(context, handle, status);
    Status.check(status[0], "queue of " + info.id());
    probe = new Probe(driver, context, handle);
    health = new Health(info.id(), probe);
  }

  public DeviceInfo info() {
    return info;
  }

  /** Bytes of all open buffers, and of closed ones that work which goes on still uses. */
  public long bytes() {
    releaseEnded();
    synchronized (this) {
      return bytes;
    }
  }

  /** The most bytes that were open at once. */
  public synchronized long peakBytes() {
    return peakBytes;
  }

  /** Bytes that went to the device and came back so far, weights included. */
  public long transferredBytes() {
    return transferred.sum();
  }

  void transferred(long count) {
    transferred.add(count);
  }

  /** Queues that were closed while their work had not ended, and whose work has not ended since. */
  public int unfinishedQueues() {
    releaseEnded();
    synchronized (this) {
      return unfinished.size();
    }
  }

  /** Why the device is not used again, LOST or HUNG; null for one that works. */
  public DeviceException failure() {
    return health.failure();
  }

  Driver driver() {
    return driver;
  }

  Health health() {
    return health;
  }

  Programs programs() {
    return programs;
  }

  /**
   * Builds a program now, which the first of its kernels would else wait for.
   *
   * @throws DeviceException BUILD_FAILED with the compiler's log
   */
  public void build(ProgramSource source) {
    requireUsable();
    programs.get(source);
  }

  /** A queue for one thread. */
  public DeviceQueue newQueue() {
    return newQueue(COMMAND_LIMIT);
  }

  /**
   * A queue for one thread.
   *
   * @param limit how long a command may take until the device counts as hung
   */
  public DeviceQueue newQueue(Duration limit) {
    requireUsable();
    DeviceQueue queue = new DeviceQueue(this, limit);
    synchronized (this) {
      queues.add(queue);
    }
    return queue;
  }

  /**
   * @throws IllegalStateException if the device is closed
   * @throws DeviceException if it has failed
   */
  void requireUsable() {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the device is closed");
      }
    }
    health.require();
  }

  cl_command_queue newCommandQueue() {
    int[] status = new int[1];
    cl_command_queue queue = driver.newQueue(context, handle, status);
    check(status[0], "queue of " + info.id());
    return queue;
  }

  /** Null where the driver gives none. */
  PinnedMemory newPinned(cl_command_queue queue, int length, Waiting waiting) {
    return PinnedMemory.of(driver, context, queue, length, waiting);
  }

  /**
   * Allocates memory and has the device commit it, so that memory that is not there is noticed
   * here.
   *
   * @throws DeviceException OUT_OF_MEMORY with the figures
   */
  public DeviceBuffer allocate(long wanted) {
    return allocate(wanted, Waiting.atMost(COMMAND_LIMIT.toNanos()));
  }

  /** Where there is no room, what unfinished work holds is waited for. */
  DeviceBuffer allocate(long wanted, Waiting waiting) {
    requireUsable();
    long length = Math.max(Integer.BYTES, wanted);
    try {
      return take(length, waiting);
    } catch (DeviceException e) {
      if (e.code() != DeviceException.Code.OUT_OF_MEMORY || !awaitUnfinished(waiting)) {
        throw e;
      }
      return take(length, waiting);
    }
  }

  /** Whether there was unfinished work, and it has ended. */
  private boolean awaitUnfinished(Waiting waiting) {
    if (unfinishedQueues() == 0) {
      return false;
    }
    long start = System.nanoTime();
    while (unfinishedQueues() > 0 && System.nanoTime() - start < waiting.limitNanos()) {
      waiting.question().run();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return unfinishedQueues() == 0;
  }

  private DeviceBuffer take(long length, Waiting waiting) {
    reserve(length);
    cl_mem memory = null;
    try {
      memory = commit(length, waiting);
    } finally {
      if (memory == null && !health.isHung()) {
        count(-length);
      }
    }
    DeviceBuffer buffer = new DeviceBuffer(this, memory, length);
    synchronized (this) {
      buffers.add(buffer);
    }
    return buffer;
  }

  private synchronized void reserve(long length) {
    if (length > info.maxAllocationBytes()) {
      throw outOfMemory(length, "the device allows " + info.maxAllocationBytes() + " in one piece");
    }
    if (length > info.memoryBytes() - bytes) {
      throw outOfMemory(
          length, bytes + " of the device's " + info.memoryBytes() + " bytes are in use");
    }
    count(length);
  }

  private synchronized void count(long length) {
    bytes += length;
    peakBytes = Math.max(peakBytes, bytes);
  }

  /** Memory that the device has filled. */
  private cl_mem commit(long length, Waiting waiting) {
    String what = "buffer of " + length + " bytes";
    int[] status = new int[1];
    cl_mem memory = driver.newBuffer(context, length, status);
    check(status[0], what);
    int state;
    try {
      state = fill(memory, length, waiting);
    } catch (RuntimeException e) {
      driver.release(memory);
      throw e;
    }
    if (state > CL.CL_COMPLETE) {
      throw health.hung(what, waiting);
    }
    if (state < CL.CL_COMPLETE) {
      driver.release(memory);
      throw health.failure(state, what);
    }
    return memory;
  }

  private int fill(cl_mem memory, long length, Waiting waiting) {
    cl_event event = new cl_event();
    int status = driver.fill(commits, memory, length, event);
    if (status != CL.CL_SUCCESS) {
      return status;
    }
    try {
      int flushed = driver.flush(commits);
      return flushed == CL.CL_SUCCESS ? waiting.until(driver, event) : flushed;
    } finally {
      driver.release(event);
    }
  }

  private DeviceException outOfMemory(long length, String why) {
    return new DeviceException(
        DeviceException.Code.OUT_OF_MEMORY,
        "a buffer of " + length + " bytes on " + info.id() + ": " + why);
  }

  /** Lets go of a closed buffer. Where work hangs the driver might wait for it, so it stays. */
  void release(DeviceBuffer buffer) {
    if (health.isHung()) {
      return;
    }
    synchronized (this) {
      if (!buffers.remove(buffer)) {
        return;
      }
      count(-buffer.bytes());
    }
    driver.release(buffer.memory());
  }

  /** A queue was closed and has let go of everything. */
  synchronized void released(DeviceQueue queue) {
    queues.remove(queue);
    unfinished.remove(queue);
  }

  /** A queue was closed, and its work has not ended. */
  synchronized void keep(DeviceQueue queue) {
    queues.remove(queue);
    unfinished.add(queue);
  }

  /** Lets go of what unfinished work has used and that has ended since. */
  private void releaseEnded() {
    List<DeviceQueue> waiting;
    synchronized (this) {
      waiting = new ArrayList<>(unfinished);
    }
    if (!health.isHung()) {
      waiting.forEach(DeviceQueue::releaseIfEnded);
    }
  }

  void check(int status, String what) {
    if (status != CL.CL_SUCCESS) {
      throw health.failure(status, what);
    }
  }

  /**
   * Lets go of everything, of queues and buffers that are still open too. No thread may be using
   * one of them. Waits some seconds for work that goes on; what has not ended then stays.
   */
  @Override
  public void close() {
    List<DeviceQueue> working;
    List<DeviceBuffer> open;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      working = new ArrayList<>(queues);
      open = new ArrayList<>(buffers);
    }
    working.forEach(DeviceQueue::close);
    open.forEach(DeviceBuffer::close);
    long start = System.nanoTime();
    while (unfinishedQueues() > 0 && !health.isHung() && System.nanoTime() - start < CLOSE_NANOS) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    if (unfinishedQueues() == 0 && !health.isHung()) {
      programs.release();
      probe.release();
      driver.release(commits);
      CL.clReleaseContext(context);
    }
  }
}
