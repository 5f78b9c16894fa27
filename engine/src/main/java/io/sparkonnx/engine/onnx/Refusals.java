package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.util.Locale;

/** The exceptions of this package, and how names and sizes from files are put into messages. */
final class Refusals {
  private static final int SHOWN_CHARACTERS = 120;

  private Refusals() {}

  static OnnxException invalid(String message) {
    return new OnnxException(Code.INVALID_MODEL, message);
  }

  static OnnxException notAModel(String why) {
    return invalid("not an ONNX model: " + why);
  }

  static OnnxException limit(String message) {
    return new OnnxException(Code.LIMIT_EXCEEDED, message);
  }

  /** A name from a file in quotes, on one line and of bounded length. */
  static String quoted(String name) {
    return "'" + oneLine(name) + "'";
  }

  /** Text from a file on one line and of bounded length. */
  static String oneLine(String text) {
    return oneLine(text, SHOWN_CHARACTERS);
  }

  static String oneLine(String text, int longest) {
    String head = text.length() > longest ? text.substring(0, longest) + "…" : text;
    return head.replaceAll("\\p{Cntrl}", "?");
  }

  /** A domain for people: the standard one has its long name. */
  static String domainName(String domain) {
    return domain.isEmpty() ? "ai.onnx" : oneLine(domain);
  }

  static String bytes(long count) {
    if (count < 10_000) {
      return count + " bytes";
    }
    double scaled = count;
    String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
    int unit = -1;
    while (scaled >= 1000 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, units[unit]);
  }
}
