package io.sparkonnx.engine.device;

import java.nio.ByteBuffer;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/**
 * OpenCL's calls by which queues, memory, kernels and commands come and go. They give OpenCL's
 * status. Tests let them fail.
 */
class Driver {
  /** A queue that runs commands in order and knows when they ran. */
  cl_command_queue newQueue(cl_context context, cl_device_id device, int[] status) {
    return CL.clCreateCommandQueue(context, device, CL.CL_QUEUE_PROFILING_ENABLE, status);
  }

  void release(cl_command_queue queue) {
    CL.clReleaseCommandQueue(queue);
  }

  cl_mem newBuffer(cl_context context, long bytes, int[] status) {
    return CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, status);
  }

  /** Memory of the host that the device can reach by itself. */
  cl_mem newPinned(cl_context context, long bytes, int[] status) {
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_ALLOC_HOST_PTR;
    return CL.clCreateBuffer(context, flags, bytes, null, status);
  }

  /** Pinned memory as the host sees it, once the event has come. */
  ByteBuffer map(cl_command_queue queue, cl_mem memory, long bytes, cl_event event, int[] status) {
    long flags = CL.CL_MAP_READ | CL.CL_MAP_WRITE;
    return CL.clEnqueueMapBuffer(queue, memory, false, flags, 0, bytes, 0, null, event, status);
  }

  /** Gives back what {@link #map} gave. */
  void unmap(cl_command_queue queue, cl_mem memory, ByteBuffer host) {
    CL.clEnqueueUnmapMemObject(queue, memory, host, 0, null, null);
  }

  void release(cl_mem memory) {
    CL.clReleaseMemObject(memory);
  }

  cl_kernel newKernel(cl_program program, String name, int[] status) {
    return CL.clCreateKernel(program, name, status);
  }

  void release(cl_kernel kernel) {
    CL.clReleaseKernel(kernel);
  }

  int run(cl_command_queue queue, cl_kernel kernel, long[] global, long[] local, cl_event event) {
    return CL.clEnqueueNDRangeKernel(
        queue, kernel, global.length, null, global, local, 0, null, event);
  }

  /** Fills with zeros. */
  int fill(cl_command_queue queue, cl_mem memory, long bytes, cl_event event) {
    return CL.clEnqueueFillBuffer(
        queue, memory, Pointer.to(new byte[1]), 1, 0, bytes, 0, null, event);
  }

  int write(
      cl_command_queue queue,
      cl_mem memory,
      long offset,
      long bytes,
      Pointer host,
      cl_event event) {
    return CL.clEnqueueWriteBuffer(queue, memory, false, offset, bytes, host, 0, null, event);
  }

  int read(
      cl_command_queue queue,
      cl_mem memory,
      long offset,
      long bytes,
      Pointer host,
      cl_event event) {
    return CL.clEnqueueReadBuffer(queue, memory, false, offset, bytes, host, 0, null, event);
  }

  /** A command that ends when all before it have. */
  int marker(cl_command_queue queue, cl_event event) {
    return CL.clEnqueueMarkerWithWaitList(queue, 0, null, event);
  }

  int flush(cl_command_queue queue) {
    return CL.clFlush(queue);
  }

  /**
   * @param state receives {@code CL_COMPLETE}, a greater number for a command that has not ended,
   *     or the status of one that failed
   */
  int state(cl_event event, int[] state) {
    return CL.clGetEventInfo(
        event, CL.CL_EVENT_COMMAND_EXECUTION_STATUS, Sizeof.cl_int, Pointer.to(state), null);
  }

  /** When a command that has ended started or ended, in nanoseconds; {@code which} says which. */
  long time(cl_event event, int which) {
    long[] nanos = new long[1];
    CL.clGetEventProfilingInfo(event, which, Sizeof.cl_ulong, Pointer.to(nanos), null);
    return nanos[0];
  }

  void release(cl_event event) {
    CL.clReleaseEvent(event);
  }
}
