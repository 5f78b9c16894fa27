package io.sparkonnx.engine;

/**
 * The most bytes of its device's memory that a run takes.
 *
 * @param weightBytes constants; once for all sessions of a model, from the first run that reads
 *     them until the model and its sessions are closed
 * @param blockBytes all that the session holds beside them, until {@link Session#releaseDevice}
 */
public record DeviceNeed(long weightBytes, long blockBytes) {
  /** No device. */
  public static final DeviceNeed NONE = new DeviceNeed(0, 0);
}
