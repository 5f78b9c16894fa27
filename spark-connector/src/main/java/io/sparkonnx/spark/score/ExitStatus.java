package io.sparkonnx.spark.score;

/** How the process of a job ends. */
public enum ExitStatus {
  /** All runs are there, without bad rows, or were there before. */
  DONE(0),
  FAILED(1),
  WRONG_USAGE(2),
  /** All runs are there, with bad rows within the limit. */
  DONE_WITH_BAD_ROWS(3),
  /** Another job works on the same output. */
  LOCKED(4);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
