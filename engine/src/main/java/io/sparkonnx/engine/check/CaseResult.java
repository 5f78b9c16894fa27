package io.sparkonnx.engine.check;

/**
 * How a case ended.
 *
 * @param name the case's folder
 * @param status how it ended
 * @param message why it failed or was skipped; null where it passed
 * @param millis time of loading and running
 */
public record CaseResult(String name, Status status, String message, long millis) {
  /** Ends of a case. */
  public enum Status {
    PASSED,
    FAILED,
    SKIPPED
  }
}
