package io.sparkonnx.spark.cli;

/** A command that cannot go on, with the code and the exit status that tell why. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int exitStatus;

  private CliException(String code, int exitStatus, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.exitStatus = exitStatus;
  }

  /** Wrong input: exit status 2. */
  static CliException input(String code, String message) {
    return new CliException(code, 2, message, null);
  }

  /** A job that failed: exit status 1. */
  static CliException failed(String code, String message, Throwable cause) {
    return new CliException(code, 1, message, cause);
  }

  String code() {
    return code;
  }

  int exitStatus() {
    return exitStatus;
  }
}
