package io.sparkonnx.engine.device;

import java.nio.ByteBuffer;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * Memory of the host that stays in its place, so that a device copies from it and to it by itself
 * and at the bus's speed.
 *
 * @param memory the driver's handle
 * @param host the same as the host sees it
 */
record PinnedMemory(cl_mem memory, ByteBuffer host) {
  /**
   * Asks the driver for some, and waits until the host may use it.
   *
   * @return null where the driver gives none
   */
  static PinnedMemory of(
      Driver driver, cl_context context, cl_command_queue queue, int bytes, Waiting waiting) {
    int[] status = new int[1];
    cl_mem memory = driver.newPinned(context, bytes, status);
    if (status[0] != CL.CL_SUCCESS) {
      return null;
    }
    cl_event mapped = new cl_event();
    ByteBuffer host = driver.map(queue, memory, bytes, mapped, status);
    if (status[0] != CL.CL_SUCCESS) {
      driver.release(memory);
      return null;
    }
    int state = driver.flush(queue);
    state = state == CL.CL_SUCCESS ? waiting.until(driver, mapped) : state;
    driver.release(mapped);
    if (state == CL.CL_COMPLETE) {
      return new PinnedMemory(memory, host);
    }
    if (state < CL.CL_COMPLETE) {
      driver.release(memory);
    }
    return null;
  }

  /** Gives it back; no transfer may be under way. */
  void release(Driver driver, cl_command_queue queue) {
    driver.unmap(queue, memory, host);
    driver.release(memory);
  }
}
