package io.sparkonnx.spark.score;

import java.util.List;
import java.util.stream.Collectors;

/** A job that cannot be run as it is described, or whose run did not come to its end. */
public final class ScoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, for programs. */
  public enum Code {
    /** Keys of the job that are wrong. */
    WRONG_JOB(ExitStatus.WRONG_USAGE),
    /** Inputs of the model that no columns fill. */
    WRONG_INPUTS(ExitStatus.WRONG_USAGE),
    NO_INPUT(ExitStatus.WRONG_USAGE),
    OUTPUT_NOT_WRITABLE(ExitStatus.WRONG_USAGE),
    /** An output folder that holds what no run has written. */
    FOREIGN_OUTPUT(ExitStatus.WRONG_USAGE),
    /** A table that does not take the rows of the job. */
    WRONG_OUTPUT(ExitStatus.WRONG_USAGE),
    /** A format or database whose package is not there. */
    NO_PACKAGE(ExitStatus.WRONG_USAGE),
    NO_RUN(ExitStatus.WRONG_USAGE),
    /** An incremental job whose stream failed. */
    STREAM_FAILED(ExitStatus.FAILED),
    /** More or fewer rows were staged than were scored. */
    STAGING_INCOMPLETE(ExitStatus.FAILED),
    /** A run whose rows are all there but cannot be made visible; the next job tries it again. */
    NOT_PUBLISHED(ExitStatus.FAILED),
    TOO_MANY_BAD_ROWS(ExitStatus.FAILED),
    /** Another process took the lock over while the run went on. */
    LOCK_LOST(ExitStatus.FAILED),
    /** Another job works on the same output. */
    LOCKED(ExitStatus.LOCKED);

    private final ExitStatus status;

    Code(ExitStatus status) {
      this.status = status;
    }
  }

  private final Code code;

  ScoreException(Code code, String message) {
    super(message);
    this.code = code;
  }

  ScoreException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** All problems of a job at once. */
  static ScoreException of(List<JobProblem> problems) {
    return new ScoreException(
        Code.WRONG_JOB,
        problems.stream().map(JobProblem::toString).collect(Collectors.joining("; ")));
  }

  public Code code() {
    return code;
  }

  /** How a process that meets it ends. */
  public ExitStatus status() {
    return code.status;
  }
}
