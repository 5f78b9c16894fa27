package io.sparkonnx.engine.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/**
 * An open device: its context, its built programs and its buffers. Shared by all threads; each has
 * a {@link DeviceQueue} of its own.
 */
public final class Device implements AutoCloseable {
  private static final String OPTIONS = "-cl-std=CL1.2";
  private static final String EXACT_OPTION = " -cl-fp32-correctly-rounded-divide-sqrt";

  private final DeviceInfo info;
  private final cl_device_id device;
  private final cl_context context;
  private final cl_command_queue commits;
  private final Map<String, cl_program> programs = new HashMap<>();
  private final Set<DeviceQueue> queues = new HashSet<>();
  private final Set<DeviceBuffer> buffers = new HashSet<>();
  private long bytes;
  private long peakBytes;
  private boolean closed;

  Device(Devices.Handle handle) {
    info = handle.info();
    device = handle.device();
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, handle.platform());
    int[] status = new int[1];
    context = CL.clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, status);
    Status.check(status[0], "context of " + info.id());
    commits = newCommandQueue();
  }

  public DeviceInfo info() {
    return info;
  }

  /** Bytes of all open buffers. */
  public synchronized long bytes() {
    return bytes;
  }

  /** The most bytes that were open at once. */
  public synchronized long peakBytes() {
    return peakBytes;
  }

  /** A queue for one thread. */
  public synchronized DeviceQueue newQueue() {
    requireOpen();
    DeviceQueue queue = new DeviceQueue(this);
    queues.add(queue);
    return queue;
  }

  synchronized void closed(DeviceQueue queue) {
    queues.remove(queue);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the device is closed");
    }
  }

  cl_command_queue newCommandQueue() {
    int[] status = new int[1];
    cl_command_queue queue = CL.clCreateCommandQueue(context, device, 0, status);
    Status.check(status[0], "queue of " + info.id());
    return queue;
  }

  /**
   * Allocates memory and has the device commit it, so that memory that is not there is noticed
   * here.
   *
   * @throws DeviceException OUT_OF_MEMORY with the figures
   */
  public synchronized DeviceBuffer allocate(long wanted) {
    requireOpen();
    long length = Math.max(Integer.BYTES, wanted);
    if (length > info.maxAllocationBytes()) {
      throw outOfMemory(length, "the device allows " + info.maxAllocationBytes() + " in one piece");
    }
    if (length > info.memoryBytes() - bytes) {
      throw outOfMemory(
          length, bytes + " of the device's " + info.memoryBytes() + " bytes are in use");
    }
    int[] status = new int[1];
    cl_mem memory = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, length, null, status);
    Status.check(status[0], "buffer of " + length + " bytes");
    try {
      Status.check(
          CL.clEnqueueFillBuffer(
              commits, memory, Pointer.to(new byte[1]), 1, 0, length, 0, null, null),
          "buffer of " + length + " bytes");
      Status.check(CL.clFinish(commits), "buffer of " + length + " bytes");
    } catch (DeviceException e) {
      CL.clReleaseMemObject(memory);
      throw e;
    }
    DeviceBuffer buffer = new DeviceBuffer(this, memory, length);
    buffers.add(buffer);
    bytes += length;
    peakBytes = Math.max(peakBytes, bytes);
    return buffer;
  }

  private DeviceException outOfMemory(long length, String why) {
    return new DeviceException(
        DeviceException.Code.OUT_OF_MEMORY,
        "a buffer of " + length + " bytes on " + info.id() + ": " + why);
  }

  synchronized void released(DeviceBuffer buffer) {
    if (buffers.remove(buffer)) {
      bytes -= buffer.bytes();
    }
  }

  /** The built program; built by the first call. */
  synchronized cl_program program(ProgramSource source) {
    cl_program known = programs.get(source.name());
    if (known == null) {
      known = build(source);
      programs.put(source.name(), known);
    }
    return known;
  }

  private cl_program build(ProgramSource source) {
    int[] status = new int[1];
    cl_program program =
        CL.clCreateProgramWithSource(
            context, 1, new String[] {source.text()}, new long[] {source.text().length()}, status);
    Status.check(status[0], "program " + source.name());
    String options = info.exactFloats() ? OPTIONS + EXACT_OPTION : OPTIONS;
    int built = CL.clBuildProgram(program, 1, new cl_device_id[] {device}, options, null, null);
    if (built != CL.CL_SUCCESS) {
      String log = buildLog(program);
      CL.clReleaseProgram(program);
      throw new DeviceException(
          DeviceException.Code.BUILD_FAILED,
          "program " + source.name() + " on " + info.id() + " (" + built + "): " + log,
          built);
    }
    return program;
  }

  private String buildLog(cl_program program) {
    long[] size = new long[1];
    CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] log = new byte[(int) size[0]];
    CL.clGetProgramBuildInfo(
        program, device, CL.CL_PROGRAM_BUILD_LOG, log.length, Pointer.to(log), null);
    return new String(log, java.nio.charset.StandardCharsets.UTF_8).trim();
  }

  /**
   * Lets go of everything, of queues and buffers that are still open too. No thread may be using
   * one of them.
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
    programs.values().forEach(CL::clReleaseProgram);
    CL.clReleaseCommandQueue(commits);
    CL.clReleaseContext(context);
  }
}
