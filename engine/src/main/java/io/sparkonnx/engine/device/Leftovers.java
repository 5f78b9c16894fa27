package io.sparkonnx.engine.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;

/** Work of a closed queue that goes on, and the buffers that it uses. Any thread may look at it. */
final class Leftovers {
  private final Driver driver;
  private final List<cl_event> ends = new ArrayList<>();
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  private long sinceNanos;
  private boolean taken;

  Leftovers(Driver driver) {
    this.driver = driver;
  }

  /**
   * Marks the ends of all work. A queue that refuses a marker has nothing that could be waited for.
   */
  synchronized List<cl_event> mark(List<cl_command_queue> queues) {
    sinceNanos = System.nanoTime();
    for (cl_command_queue queue : queues) {
      cl_event end = new cl_event();
      if (driver.marker(queue, end) == CL.CL_SUCCESS) {
        ends.add(end);
        driver.flush(queue);
      }
    }
    return List.copyOf(ends);
  }

  /** Whether work goes on, for which a buffer stays. */
  synchronized boolean keep(DeviceBuffer buffer) {
    return !ends.isEmpty() && buffers.add(buffer);
  }

  /** Whether there was work, and it has ended. */
  synchronized boolean haveEnded() {
    int[] state = new int[1];
    boolean ended = !ends.isEmpty();
    for (cl_event end : ends) {
      ended &= driver.state(end, state) != CL.CL_SUCCESS || state[0] <= CL.CL_COMPLETE;
    }
    return ended;
  }

  /**
   * Whether work goes on and makes no progress.
   *
   * @param progress whether a command has ended since it was last asked
   */
  synchronized boolean areStuck(long limitNanos, BooleanSupplier progress) {
    if (ends.isEmpty()) {
      return false;
    }
    if (progress.getAsBoolean()) {
      sinceNanos = System.nanoTime();
    }
    return System.nanoTime() - sinceNanos > limitNanos;
  }

  /** The buffers, once for all; null for later callers. */
  synchronized List<DeviceBuffer> take() {
    if (taken) {
      return null;
    }
    taken = true;
    ends.forEach(driver::release);
    ends.clear();
    return List.copyOf(buffers);
  }
}
