package io.sparkonnx.spark.exec;

/** A row whose values the model cannot take; the message says which row, input and column. */
public final class BadRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadRowException(String message, Throwable cause) {
    super(message, cause);
  }
}
