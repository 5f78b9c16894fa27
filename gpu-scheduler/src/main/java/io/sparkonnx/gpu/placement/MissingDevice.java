package io.sparkonnx.gpu.placement;

/** What happens where a GPU is asked for and none is there. */
public enum MissingDevice {
  FAIL,
  /** The query runs on the CPU, and a warning says so. */
  WARN,
  /** The query runs on the CPU. */
  CPU;

  /**
   * @throws io.sparkonnx.gpu.GpuException INVALID_SETTING if the text is none of fail, warn, cpu
   */
  public static MissingDevice parse(String text) {
    return Words.parse("missing device", values(), text);
  }
}
