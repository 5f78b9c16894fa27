package io.sparkonnx.gpu.placement;

/** What the user wants. */
public enum DeviceSetting {
  CPU,
  GPU,
  /** Whichever is faster by measurement. */
  AUTO;

  /**
   * @throws io.sparkonnx.gpu.GpuException INVALID_SETTING if the text is none of cpu, gpu, auto
   */
  public static DeviceSetting parse(String text) {
    return Words.parse("device", values(), text);
  }
}
