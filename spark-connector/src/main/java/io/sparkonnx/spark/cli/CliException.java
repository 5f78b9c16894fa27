package io.sparkonnx.spark.cli;

/** A command that was called wrongly, with the code that tells why. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private CliException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** Wrong input: exit status 2. */
  static CliException input(String code, String message) {
    return new CliException(code, message);
  }

  String code() {
    return code;
  }
}
