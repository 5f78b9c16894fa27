package io.sparkonnx.spark.score;

/** A job that was described wrongly; nothing was written. */
public final class ScoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  ScoreException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** For programs, e.g. {@code OUTPUT_EXISTS}. */
  public String code() {
    return code;
  }
}
