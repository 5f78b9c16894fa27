package io.sparkonnx.engine.device;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/** A driver that fails where a test says, and counts what is alive. */
public final class FaultyDriver extends Driver {
  /** What a fault does. */
  public enum Fault {
    /** One buffer is not made. */
    ALLOCATION,
    /** No memory of the host is pinned. */
    PINNING,
    /** Memory of the host is pinned, but the host does not see it. */
    MAPPING,
    /** One buffer turns out to have no memory when it is filled. */
    COMMITMENT,
    /** One command is refused. */
    COMMAND,
    /** One command fails while it runs. */
    LATE_COMMAND,
    /** The device refuses one command and all that come later, and what runs fails. */
    LOSS,
    /** One command and all that come later do not end. */
    HANG
  }

  private final Map<cl_event, Integer> failed =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Set<cl_event> endless =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger buffers = new AtomicInteger();
  private Fault fault;
  private int countdown;
  private int status;
  private volatile boolean fired;

  /** Opens the first device by this driver, or aborts the test where there is none. */
  public Device open() {
    return TestDevice.open(this);
  }

  /**
   * Lets the {@code n}th allocation or command from now on fail.
   *
   * @param code the status given
   */
  public synchronized void plan(Fault planned, int n, int code) {
    fault = planned;
    countdown = n;
    status = code;
    fired = false;
  }

  /** Whether the fault has happened. */
  public boolean fired() {
    return fired;
  }

  /** Ends what hangs, and all that is planned. */
  public synchronized void resume() {
    fault = null;
    fired = false;
    endless.clear();
  }

  /** Queues, buffers, kernels and events that were made and not released. */
  public int live() {
    return live.get();
  }

  /** Buffers that were made and not released. */
  public int liveBuffers() {
    return buffers.get();
  }

  private synchronized boolean isNow(Fault... kinds) {
    for (Fault kind : kinds) {
      if (fault == kind && !fired && --countdown == 0) {
        fired = true;
        return true;
      }
    }
    return false;
  }

  private synchronized boolean isLost() {
    return fired && fault == Fault.LOSS;
  }

  private synchronized boolean isHung() {
    return fired && fault == Fault.HANG;
  }

  private <T> T made(T object, int[] code) {
    if (code[0] == CL.CL_SUCCESS) {
      live.incrementAndGet();
    }
    return object;
  }

  private int enqueue(boolean fill, cl_event event, IntSupplier command) {
    boolean late = fill ? isNow(Fault.COMMITMENT) : isNow(Fault.LATE_COMMAND);
    if (isNow(Fault.COMMAND, Fault.LOSS) || isLost()) {
      return status;
    }
    int code = command.getAsInt();
    if (code == CL.CL_SUCCESS) {
      live.incrementAndGet();
    }
    if (late) {
      failed.put(event, status);
    }
    if (isNow(Fault.HANG) || isHung()) {
      endless.add(event);
    }
    return code;
  }

  @Override
  cl_command_queue newQueue(cl_context context, cl_device_id device, int[] code) {
    if (isLost()) {
      code[0] = status;
      return null;
    }
    return made(super.newQueue(context, device, code), code);
  }

  @Override
  void release(cl_command_queue queue) {
    live.decrementAndGet();
    super.release(queue);
  }

  @Override
  cl_mem newBuffer(cl_context context, long bytes, int[] code) {
    if (isNow(Fault.ALLOCATION) || isLost()) {
      code[0] = status;
      return null;
    }
    cl_mem made = made(super.newBuffer(context, bytes, code), code);
    buffers.incrementAndGet();
    return made;
  }

  @Override
  cl_mem newPinned(cl_context context, long bytes, int[] code) {
    if (fault == Fault.PINNING || isLost()) {
      code[0] = status;
      return null;
    }
    cl_mem made = made(super.newPinned(context, bytes, code), code);
    buffers.incrementAndGet();
    return made;
  }

  @Override
  ByteBuffer map(cl_command_queue queue, cl_mem memory, long bytes, cl_event event, int[] code) {
    if (fault == Fault.MAPPING || isLost()) {
      code[0] = status;
      return null;
    }
    return made(super.map(queue, memory, bytes, event, code), code);
  }

  @Override
  void release(cl_mem memory) {
    live.decrementAndGet();
    buffers.decrementAndGet();
    super.release(memory);
  }

  @Override
  cl_kernel newKernel(cl_program program, String name, int[] code) {
    return made(super.newKernel(program, name, code), code);
  }

  @Override
  void release(cl_kernel kernel) {
    live.decrementAndGet();
    super.release(kernel);
  }

  @Override
  int run(cl_command_queue queue, cl_kernel kernel, long[] global, long[] local, cl_event event) {
    return enqueue(false, event, () -> super.run(queue, kernel, global, local, event));
  }

  @Override
  int fill(cl_command_queue queue, cl_mem memory, long bytes, cl_event event) {
    return enqueue(true, event, () -> super.fill(queue, memory, bytes, event));
  }

  @Override
  int write(cl_command_queue q, cl_mem memory, long at, long bytes, Pointer host, cl_event event) {
    return enqueue(false, event, () -> super.write(q, memory, at, bytes, host, event));
  }

  @Override
  int read(cl_command_queue q, cl_mem memory, long at, long bytes, Pointer host, cl_event event) {
    return enqueue(false, event, () -> super.read(q, memory, at, bytes, host, event));
  }

  @Override
  int marker(cl_command_queue queue, cl_event event) {
    return enqueue(false, event, () -> super.marker(queue, event));
  }

  @Override
  int state(cl_event event, int[] state) {
    int code = super.state(event, state);
    if (isLost()) {
      state[0] = status;
    } else if (endless.contains(event)) {
      state[0] = CL.CL_RUNNING;
    } else if (state[0] == CL.CL_COMPLETE && failed.containsKey(event)) {
      state[0] = failed.get(event);
    }
    return code;
  }

  @Override
  void release(cl_event event) {
    live.decrementAndGet();
    failed.remove(event);
    endless.remove(event);
    super.release(event);
  }
}
