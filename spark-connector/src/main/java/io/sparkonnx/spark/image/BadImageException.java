package io.sparkonnx.spark.image;

import io.sparkonnx.spark.bind.OnnxCondition;
import org.apache.spark.SparkThrowable;

/** An image that cannot be decoded; the message says which and why. */
public final class BadImageException extends RuntimeException implements SparkThrowable {
  private static final long serialVersionUID = 1L;

  private final String problem;

  BadImageException(String problem, Throwable cause) {
    super(OnnxCondition.ONNX_BAD_IMAGE.format(problem), cause);
    this.problem = problem;
  }

  /** This exception, saying where the image was met. */
  BadImageException at(String place) {
    return new BadImageException(place + ": " + problem, getCause());
  }

  @Override
  public String getCondition() {
    return OnnxCondition.ONNX_BAD_IMAGE.name();
  }

  @Override
  public String getSqlState() {
    return OnnxCondition.ONNX_BAD_IMAGE.sqlState();
  }
}
