package io.sparkonnx.spark.arrow;

import io.sparkonnx.spark.bind.OnnxCondition;
import org.apache.spark.SparkThrowable;

/** A file whose columns are not those that a task is to read; the message names both. */
final class UnfitFileException extends RuntimeException implements SparkThrowable {
  private static final long serialVersionUID = 1L;

  private final OnnxCondition condition;

  UnfitFileException(OnnxCondition condition, String message) {
    super(condition.format(message));
    this.condition = condition;
  }

  @Override
  public String getCondition() {
    return condition.name();
  }

  @Override
  public String getSqlState() {
    return condition.sqlState();
  }
}
