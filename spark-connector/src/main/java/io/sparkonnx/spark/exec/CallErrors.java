package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.bind.OnnxCondition;
import org.apache.spark.TaskContext;

/** What a call throws within one task; messages name the call, the partition and the row. */
final class CallErrors {
  private final CallPlan plan;
  private final TaskContext task;
  private long rowsBefore;

  CallErrors(CallPlan plan, TaskContext task) {
    this.plan = plan;
    this.task = task;
  }

  /**
   * @param before rows of the partition before the batch that starts
   */
  void begin(long before) {
    rowsBefore = before;
  }

  /** Whether a row's values made the run fail, and no limit, cancellation or broken model. */
  static boolean isOfRow(OnnxException e) {
    return e.code() == OnnxException.Code.INVALID_VALUE
        || e.code() == OnnxException.Code.INVALID_INPUT;
  }

  /** A value that an input cannot take. */
  CallException badValue(InputSlot slot, BadValueException e, int row) {
    String column = plan.names().get(slot.first() + e.argument());
    String problem = "input " + slot.input() + ": column " + column + " " + e.getMessage();
    return CallException.badRow(place(row), problem, null);
  }

  /** A row on which the engine failed. */
  CallException badRow(OnnxException e, int row) {
    return CallException.badRow(place(row), e.getMessage(), e);
  }

  private String place(int row) {
    return call()
        + ", partition "
        + task.partitionId()
        + ", row "
        + (rowsBefore + row)
        + " (row "
        + row
        + " of the batch)";
  }

  /** The call, for messages. */
  String call() {
    return plan.call().name();
  }

  /** A device that is missing or failed. */
  CallException device(String problem, Throwable cause) {
    return new CallException(OnnxCondition.ONNX_DEVICE, call() + ": " + problem, cause);
  }

  /** What to throw for an engine's refusal; a killed task ends as such. */
  CallException failure(OnnxException e) {
    if (e.code() == OnnxException.Code.CANCELLED) {
      task.killTaskIfInterrupted();
    }
    String message = e.getMessage();
    return new CallException(
        CallException.condition(e.code()),
        message.startsWith(call()) ? message : call() + ": " + message,
        e);
  }
}
