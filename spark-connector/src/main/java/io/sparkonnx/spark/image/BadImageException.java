package io.sparkonnx.spark.image;

/** An image that cannot be decoded; the message says why. */
public final class BadImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
