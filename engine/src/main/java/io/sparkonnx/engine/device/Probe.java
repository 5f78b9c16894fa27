package io.sparkonnx.engine.device;

import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * A small piece of work that tells a lost device from one that has no memory left. Its memory is
 * taken when the device is opened, so that it needs none later.
 */
final class Probe {
  private static final int BYTES = 4;
  private static final long LIMIT_NANOS = 60_000_000_000L;

  private final Driver driver;
  private final cl_context context;
  private final cl_device_id handle;
  private final cl_mem memory;

  /** What a probe found. */
  enum Finding {
    WORKS,
    FAILS,
    DOES_NOT_END
  }

  /**
   * @throws DeviceException where the device does not work from the start
   */
  Probe(Driver driver, cl_context context, cl_device_id handle) {
    this.driver = driver;
    this.context = context;
    this.handle = handle;
    int[] status = new int[1];
    memory = driver.newBuffer(context, BYTES, status);
    Status.check(status[0], "first buffer");
    Finding first = run();
    if (first != Finding.WORKS) {
      throw new DeviceException(
          DeviceException.Code.LOST, "the first work on the device: " + first);
    }
  }

  /** Fills the memory by a queue of its own and waits for it. */
  Finding run() {
    int[] status = new int[1];
    cl_command_queue queue = driver.newQueue(context, handle, status);
    if (status[0] != CL.CL_SUCCESS) {
      return Finding.FAILS;
    }
    Finding finding = run(queue);
    if (finding != Finding.DOES_NOT_END) {
      driver.release(queue);
    }
    return finding;
  }

  private Finding run(cl_command_queue queue) {
    cl_event filled = new cl_event();
    if (driver.fill(queue, memory, BYTES, filled) != CL.CL_SUCCESS) {
      return Finding.FAILS;
    }
    int state = driver.flush(queue);
    if (state == CL.CL_SUCCESS) {
      state = Waiting.atMost(LIMIT_NANOS).until(driver, filled);
    }
    driver.release(filled);
    return state == CL.CL_COMPLETE
        ? Finding.WORKS
        : state < 0 ? Finding.FAILS : Finding.DOES_NOT_END;
  }

  void release() {
    driver.release(memory);
  }
}
