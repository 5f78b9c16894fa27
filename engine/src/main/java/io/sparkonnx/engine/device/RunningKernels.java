package io.sparkonnx.engine.device;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jocl.CL;
import org.jocl.cl_event;

/** Kernels of a queue that have not been seen to end, in their order. */
final class RunningKernels {
  private final Device device;
  private final Timeline timeline;
  private final Deque<cl_event> events = new ArrayDeque<>();

  /**
   * @param timeline told when each kernel ran
   */
  RunningKernels(Device device, Timeline timeline) {
    this.device = device;
    this.timeline = timeline;
  }

  void add(cl_event event) {
    events.add(event);
  }

  /**
   * Takes away kernels that have ended.
   *
   * @return whether there was one
   * @throws DeviceException if one failed
   */
  boolean advanced() {
    Driver driver = device.driver();
    boolean any = false;
    int[] state = new int[1];
    while (!events.isEmpty()) {
      device.check(driver.state(events.peek(), state), "state of a kernel");
      if (state[0] > CL.CL_COMPLETE) {
        break;
      }
      cl_event kernel = events.poll();
      if (state[0] == CL.CL_COMPLETE) {
        timeline.kernel(
            driver.time(kernel, CL.CL_PROFILING_COMMAND_START),
            driver.time(kernel, CL.CL_PROFILING_COMMAND_END));
      }
      driver.release(kernel);
      device.check(state[0], "kernel");
      any = true;
    }
    return any;
  }

  /** Takes away kernels that have ended or failed; whether there was one. */
  boolean passed() {
    Driver driver = device.driver();
    boolean any = false;
    int[] state = new int[1];
    while (!events.isEmpty()
        && (driver.state(events.peek(), state) != CL.CL_SUCCESS || state[0] <= CL.CL_COMPLETE)) {
      driver.release(events.poll());
      any = true;
    }
    return any;
  }

  /** Forgets the kernels, ended or not. */
  void release() {
    events.forEach(device.driver()::release);
    events.clear();
  }
}
