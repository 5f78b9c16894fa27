package io.sparkonnx.arrow.ipc;

import java.io.IOException;

/** Bytes that are no Arrow IPC data, or contradict themselves; the message says which and where. */
public class CorruptArrowException extends IOException {
  private static final long serialVersionUID = 1L;

  public CorruptArrowException(String message) {
    super(message);
  }

  public CorruptArrowException(String message, Throwable cause) {
    super(message, cause);
  }
}
