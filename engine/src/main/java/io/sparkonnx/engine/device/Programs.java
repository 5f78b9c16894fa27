package io.sparkonnx.engine.device;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_program;

/** The programs that were built for a device. */
final class Programs {
  private static final String OPTIONS = "-cl-std=CL1.2";
  private static final String EXACT_OPTION = " -cl-fp32-correctly-rounded-divide-sqrt";

  private final Device device;
  private final cl_context context;
  private final cl_device_id handle;
  private final Map<String, cl_program> built = new HashMap<>();

  Programs(Device device, cl_context context, cl_device_id handle) {
    this.device = device;
    this.context = context;
    this.handle = handle;
  }

  /** The built program; built by the first call, for which others wait. */
  synchronized cl_program get(ProgramSource source) {
    cl_program known = built.get(source.name());
    if (known == null) {
      known = build(source);
      built.put(source.name(), known);
    }
    return known;
  }

  private cl_program build(ProgramSource source) {
    int[] status = new int[1];
    cl_program program =
        CL.clCreateProgramWithSource(context, 1, new String[] {source.text()}, null, status);
    device.check(status[0], "program " + source.name());
    String options = device.info().exactFloats() ? OPTIONS + EXACT_OPTION : OPTIONS;
    int result = CL.clBuildProgram(program, 1, new cl_device_id[] {handle}, options, null, null);
    if (result != CL.CL_SUCCESS) {
      String log = log(program);
      CL.clReleaseProgram(program);
      if (Status.code(result) != DeviceException.Code.FAILED) {
        throw device.health().failure(result, "program " + source.name());
      }
      throw new DeviceException(
          DeviceException.Code.BUILD_FAILED,
          "program " + source.name() + " on " + device.info().id() + " (" + result + "): " + log,
          result);
    }
    return program;
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    CL.clGetProgramBuildInfo(program, handle, CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] log = new byte[(int) size[0]];
    CL.clGetProgramBuildInfo(
        program, handle, CL.CL_PROGRAM_BUILD_LOG, log.length, Pointer.to(log), null);
    return new String(log, StandardCharsets.UTF_8).trim();
  }

  synchronized void release() {
    built.values().forEach(CL::clReleaseProgram);
    built.clear();
  }
}
