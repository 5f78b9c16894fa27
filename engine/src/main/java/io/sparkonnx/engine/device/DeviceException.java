package io.sparkonnx.engine.device;

/** What went wrong on a device. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of failures. */
  public enum Code {
    /** No OpenCL, or no such device. */
    NOT_AVAILABLE,
    /** The device has no room, or a buffer is larger than it takes. */
    OUT_OF_MEMORY,
    /** The device or its driver is gone. */
    LOST,
    /** The driver did not compile a program; the message holds its log. */
    BUILD_FAILED,
    /** Work that was queued did not end. */
    HUNG,
    /** Any other status. */
    FAILED
  }

  private final Code code;
  private final int status;

  public DeviceException(Code code, String message) {
    this(code, message, 0);
  }

  /**
   * @param status OpenCL's status; 0 where there is none
   */
  public DeviceException(Code code, String message, int status) {
    this(code, message, status, null);
  }

  private DeviceException(Code code, String message, int status, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.status = status;
  }

  /** The same failure for a later caller, with the first as its cause. */
  DeviceException again() {
    return new DeviceException(code, getMessage(), status, this);
  }

  public Code code() {
    return code;
  }

  /** OpenCL's status; 0 where there is none. */
  public int status() {
    return status;
  }
}
