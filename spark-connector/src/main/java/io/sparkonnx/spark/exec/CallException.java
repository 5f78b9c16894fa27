package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.bind.OnnxCondition;
import org.apache.spark.SparkThrowable;

/** A call that failed in a task; the message says where: call, partition, row, input and column. */
public final class CallException extends RuntimeException implements SparkThrowable {
  private static final long serialVersionUID = 1L;

  private final OnnxCondition condition;
  private final String problem;

  CallException(OnnxCondition condition, String message, Throwable cause) {
    super(condition.format(message), cause);
    this.condition = condition;
    this.problem = message;
  }

  /**
   * A bad row: what is wrong with it, at a place that names the call, the partition and the row.
   */
  static CallException badRow(String place, String problem, Throwable cause) {
    return new CallException(place, problem, cause);
  }

  private CallException(String place, String problem, Throwable cause) {
    super(OnnxCondition.ONNX_BAD_ROW.format(place + ": " + problem), cause);
    this.condition = OnnxCondition.ONNX_BAD_ROW;
    this.problem = problem;
  }

  /** What went wrong; of a bad row without its place. */
  String problem() {
    return problem;
  }

  /** What a refusal of the engine or of memory comes to. */
  static OnnxCondition condition(OnnxException.Code code) {
    return switch (code) {
      case LIMIT_EXCEEDED -> OnnxCondition.ONNX_LIMIT;
      case MODEL_NOT_READABLE, INVALID_MODEL, UNSUPPORTED_MODEL -> OnnxCondition.ONNX_MODEL;
      case INVALID_INPUT, INVALID_VALUE, CANCELLED -> OnnxCondition.ONNX_RUN;
      case INVALID_SETTING -> OnnxCondition.ONNX_SETTING;
    };
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
