package io.sparkonnx.gpu.placement;

/** What happens to a task whose device fails in the middle of a query. */
public enum FailedDevice {
  /** The task fails, and Spark runs it again somewhere else. */
  FAIL,
  /** The rows that are left run on the CPU; equal rows may then differ in their last bits. */
  CPU;

  /**
   * @throws io.sparkonnx.gpu.GpuException INVALID_SETTING if the text is none of fail, cpu
   */
  public static FailedDevice parse(String text) {
    return Words.parse("failed device", values(), text);
  }
}
