package io.sparkonnx.engine;

import io.sparkonnx.engine.tensor.OnnxValue;
import java.util.Map;

/**
 * One task's use of a {@link Model}: working memory that is reused from run to run. For one thread
 * at a time.
 */
public interface Session extends AutoCloseable {
  /** {@link #run(Map, RunOptions)} without bounds. */
  default Map<String, OnnxValue> run(Map<String, ? extends OnnxValue> inputs) {
    return run(inputs, RunOptions.DEFAULT);
  }

  /**
   * Runs the model once.
   *
   * @param inputs a value for every input that is not optional, by name; not changed
   * @return every output by name, in the signature's order; the caller's own
   * @throws OnnxException INVALID_INPUT when the inputs do not fit the signature or each other,
   *     INVALID_VALUE when the values make an operator impossible, LIMIT_EXCEEDED, CANCELLED
   */
  Map<String, OnnxValue> run(Map<String, ? extends OnnxValue> inputs, RunOptions options);

  /** Where steps ran so far. */
  default DeviceUse deviceUse() {
    return DeviceUse.NONE;
  }

  /**
   * What a run of {@code rows} takes of the device at most, where the session holds nothing there
   * yet. Known before the run.
   *
   * @param rows rows of every input that has rows
   * @throws OnnxException INVALID_INPUT where inputs have other dimensions that are not fixed
   */
  default DeviceNeed deviceNeed(long rows) {
    return DeviceNeed.NONE;
  }

  /**
   * The same for a run with these inputs, of any shapes.
   *
   * @throws OnnxException INVALID_INPUT when the inputs do not fit the signature or each other
   */
  default DeviceNeed deviceNeed(Map<String, ? extends OnnxValue> inputs) {
    return DeviceNeed.NONE;
  }

  /**
   * Lets go of the device's memory but for the model's weights; the next run takes what it needs.
   * Waits for nothing that a run which was broken off has left on the device.
   *
   * @return when the device has let go of what this session had there since it was last asked
   */
  default DeviceRelease releaseDevice() {
    return DeviceRelease.DONE;
  }

  /** Bytes of working memory held at present. */
  long workspaceBytes();

  /** Lets go of the working memory. */
  @Override
  void close();
}
