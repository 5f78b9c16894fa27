package io.sparkonnx.arrow.ipc;

/**
 * How large a record batch may become. One row alone may exceed the bytes.
 *
 * @param bytes of a batch's buffers before compression, padding included
 * @param rows of a batch
 */
public record BatchLimits(long bytes, int rows) {
  /** 64 MiB, a million rows. */
  public static final BatchLimits DEFAULT = new BatchLimits(64L << 20, 1 << 20);

  /** Checks that both are positive. */
  public BatchLimits {
    if (bytes <= 0 || rows <= 0) {
      throw new IllegalArgumentException(
          "a record batch needs room for at least one byte and one row, not "
              + bytes
              + " bytes and "
              + rows
              + " rows");
    }
  }
}
