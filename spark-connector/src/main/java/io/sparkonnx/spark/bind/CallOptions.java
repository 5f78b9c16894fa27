package io.sparkonnx.spark.bind;

import io.sparkonnx.gpu.placement.DeviceSetting;
import java.io.Serializable;
import java.util.List;

/**
 * How a call is to be made, as its options say.
 *
 * @param lenient whether a bad row gives NULL ({@code try_onnx_predict}) instead of failing the
 *     task
 * @param batchSize rows of one run at most, or {@link #SESSION}
 * @param threads threads of a task at most, or {@link #TASK}
 * @param device where the model runs, or null for what the session is set to
 * @param nullAs what NULL is in inputs of floating-point numbers
 * @param outputs the outputs to return, in this order; empty for all in the model's order
 * @param batchCoupled whether a model is allowed whose rows influence each other
 * @param padding whether sequences are padded
 * @param errors whether a lenient call gives a struct of its result and the row's error
 */
public record CallOptions(
    boolean lenient,
    int batchSize,
    int threads,
    DeviceSetting device,
    NullAs nullAs,
    List<String> outputs,
    boolean batchCoupled,
    Padding padding,
    boolean errors)
    implements Serializable {
  /** The batch size that the session is set to. */
  public static final int SESSION = 0;

  /** As many threads as a task has cores. */
  public static final int TASK = 0;

  /** {@code onnx_predict} without options. */
  public static final CallOptions STRICT =
      new CallOptions(
          false, SESSION, TASK, null, NullAs.SESSION, List.of(), false, Padding.SESSION, false);

  /** {@code try_onnx_predict} without options. */
  public static final CallOptions LENIENT = STRICT.withLenient(true);

  public CallOptions {
    outputs = List.copyOf(outputs);
  }

  /**
   * Threads of a task.
   *
   * @param cores what the task has
   */
  public int threads(int cores) {
    return threads == TASK ? cores : Math.min(threads, cores);
  }

  /** Name of the SQL function. */
  public String function() {
    return lenient ? "try_onnx_predict" : "onnx_predict";
  }

  /** A call of the model at a location, for messages. */
  String call(String location) {
    return function() + "('" + location + "')";
  }

  CallOptions withLenient(boolean value) {
    return new CallOptions(
        value, batchSize, threads, device, nullAs, outputs, batchCoupled, padding, errors);
  }

  CallOptions withBatchSize(int rows) {
    return new CallOptions(
        lenient, rows, threads, device, nullAs, outputs, batchCoupled, padding, errors);
  }

  CallOptions withThreads(int count) {
    return new CallOptions(
        lenient, batchSize, count, device, nullAs, outputs, batchCoupled, padding, errors);
  }

  CallOptions withDevice(DeviceSetting value) {
    return new CallOptions(
        lenient, batchSize, threads, value, nullAs, outputs, batchCoupled, padding, errors);
  }

  CallOptions withNullAs(NullAs value) {
    return new CallOptions(
        lenient, batchSize, threads, device, value, outputs, batchCoupled, padding, errors);
  }

  CallOptions withOutputs(List<String> names) {
    return new CallOptions(
        lenient, batchSize, threads, device, nullAs, names, batchCoupled, padding, errors);
  }

  CallOptions withBatchCoupled(boolean value) {
    return new CallOptions(
        lenient, batchSize, threads, device, nullAs, outputs, value, padding, errors);
  }

  CallOptions withPadding(Padding value) {
    return new CallOptions(
        lenient, batchSize, threads, device, nullAs, outputs, batchCoupled, value, errors);
  }

  CallOptions withErrors(boolean value) {
    return new CallOptions(
        lenient, batchSize, threads, device, nullAs, outputs, batchCoupled, padding, value);
  }
}
