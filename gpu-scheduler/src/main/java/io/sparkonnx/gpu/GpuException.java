package io.sparkonnx.gpu;

/** Everything that the scheduler refuses, with a code for programs and one sentence for people. */
public final class GpuException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal. */
  public enum Code {
    /** A setting that means nothing, or two that contradict each other. */
    INVALID_SETTING,
    /** A share, reserve or budget that the device cannot give. */
    INVALID_BUDGET,
    /** A figure that is no measurement. */
    INVALID_MEASUREMENT,
    /** A name that no device has. */
    UNKNOWN_DEVICE,
    /** A device was asked for and none is there. */
    NO_DEVICE,
    /** More bytes than the budget of any device that was asked for. */
    OVER_BUDGET,
    /** One row on a device, alone, is more than it gives. */
    OUT_OF_MEMORY,
    /** The devices that were asked for failed before. */
    QUARANTINED,
    /** The caller asked to stop. */
    CANCELLED,
    /** The request's time to wait is over. */
    TIMED_OUT,
    /** The executor ends. */
    SHUT_DOWN
  }

  private final Code code;

  public GpuException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public GpuException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
