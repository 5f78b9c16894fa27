package io.sparkonnx.gpu;

import java.util.Locale;

/** Numbers of bytes in messages. */
final class ByteText {
  private ByteText() {}

  static String of(long bytes) {
    return String.format(Locale.ROOT, "%,d bytes", bytes);
  }
}
