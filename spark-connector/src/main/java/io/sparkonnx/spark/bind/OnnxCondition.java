package io.sparkonnx.spark.bind;

import org.apache.spark.sql.AnalysisException;

/** Why a query is refused at analysis, or a call of a model fails in a task, with its SQLSTATE. */
public enum OnnxCondition {
  /** The model is missing, unreadable, or not one that the engine runs. */
  ONNX_MODEL("58030"),
  /** What a model store is to be read from is not there. */
  ONNX_MODEL_STORE("42K03"),
  /** The model argument is not a constant. */
  ONNX_MODEL_NOT_CONSTANT("42K08"),
  /** Too many or too few arguments, or names that do not match. */
  ONNX_ARGUMENTS("42605"),
  /** An argument's type does not fit the input. */
  ONNX_ARGUMENT_TYPE("42K09"),
  /** An option that does not exist, or a value that it does not take. */
  ONNX_OPTIONS("42616"),
  /** A setting of the session, the application or the JVM with a value that it does not take. */
  ONNX_SETTING("42616"),
  /** The model's inputs or outputs have no counterpart in columns. */
  ONNX_SIGNATURE("0A000"),
  /** The call stands where no batch of rows can be made. */
  ONNX_CALL_PLACE("0A000"),
  /** An Arrow file is missing or damaged. */
  ONNX_ARROW_FILE("58030"),
  /** A column of an Arrow file has a type that Spark lacks, or another than the table's. */
  ONNX_ARROW_TYPE("42K09"),
  /** Several columns of an Arrow file have a name that is asked for. */
  ONNX_ARROW_NAME("42702"),
  /** In a task: a row that the model cannot take. */
  ONNX_BAD_ROW("22000"),
  /** In a task: an image that does not decode. */
  ONNX_BAD_IMAGE("22000"),
  /** In a task: memory or another limit does not suffice. */
  ONNX_LIMIT("54000"),
  /** There is no device of the kind that is asked for, or it failed. */
  ONNX_DEVICE("58000"),
  /** In a task: the model failed on a whole batch. */
  ONNX_RUN("39000");

  private final String sqlState;

  OnnxCondition(String sqlState) {
    this.sqlState = sqlState;
  }

  public String sqlState() {
    return sqlState;
  }

  /**
   * Throws an {@link AnalysisException} with this condition. Java counts it as checked; the Scala
   * interfaces through which Spark calls do not.
   *
   * @return never; lets a caller write {@code throw}
   */
  public RuntimeException raise(String message) {
    return raise(message, null);
  }

  /** {@link #raise(String)} with a cause. */
  public RuntimeException raise(String message, Throwable cause) {
    return unchecked(new RefusedCallException(this, message, cause));
  }

  /** A message with the condition before and the SQLSTATE after it, as Spark's own have them. */
  public String format(String message) {
    return "[" + name() + "] " + message + " SQLSTATE: " + sqlState;
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException unchecked(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
