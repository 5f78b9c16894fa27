package io.sparkonnx.engine.device;

import org.jocl.CL;

/** Turns OpenCL's statuses into exceptions. */
final class Status {
  /** What NVIDIA's driver gives for failures that have no status of OpenCL's. */
  private static final int NVIDIA_FAILURE = -9999;

  private Status() {}

  /**
   * @param what what was tried, for the message
   */
  static void check(int status, String what) {
    if (status != CL.CL_SUCCESS) {
      throw failure(status, what);
    }
  }

  static DeviceException failure(int status, String what) {
    return new DeviceException(
        code(status), what + ": " + CL.stringFor_errorCode(status) + " (" + status + ")", status);
  }

  /**
   * Drivers report memory that is not there at any later call, with any of several statuses, some
   * of which a lost device gives too: {@link Health#failure(int, String)} tells them apart.
   */
  static DeviceException.Code code(int status) {
    return switch (status) {
      case CL.CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL.CL_OUT_OF_RESOURCES,
          CL.CL_OUT_OF_HOST_MEMORY,
          CL.CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
          NVIDIA_FAILURE ->
          DeviceException.Code.OUT_OF_MEMORY;
      case CL.CL_DEVICE_NOT_AVAILABLE, CL.CL_INVALID_CONTEXT, CL.CL_INVALID_COMMAND_QUEUE ->
          DeviceException.Code.LOST;
      default -> DeviceException.Code.FAILED;
    };
  }
}
