package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is wrong with a model, collected so that one exception can name all of it. */
final class Problems {
  private static final int SHOWN = 50;
  private static final int LONGEST = 2000;

  private final Map<String, Occurrences> unsupported = new LinkedHashMap<>();
  private final List<String> invalid = new ArrayList<>();
  private int invalidCount;

  private static final class Occurrences {
    final String first;
    int count;

    Occurrences(String first) {
      this.first = first;
    }
  }

  /** Notes that a node needs something that is not there; equal needs are counted together. */
  void unsupported(String need, String node) {
    unsupported.computeIfAbsent(need, n -> new Occurrences(node)).count++;
  }

  /** Notes a contradiction within the model. */
  void invalid(String message) {
    invalidCount++;
    if (invalid.size() < SHOWN) {
      invalid.add(Refusals.oneLine(message, LONGEST));
    }
  }

  boolean any() {
    return !unsupported.isEmpty() || invalidCount > 0;
  }

  /**
   * @throws OnnxException UNSUPPORTED_MODEL with everything that is missing, or INVALID_MODEL with
   *     every contradiction; nothing where there are no problems
   */
  void throwIfAny() {
    if (!unsupported.isEmpty()) {
      List<String> lines = new ArrayList<>();
      for (Map.Entry<String, Occurrences> entry : unsupported.entrySet()) {
        int count = entry.getValue().count;
        lines.add(
            String.format(
                Locale.ROOT,
                "%s (%d %s, first %s)",
                entry.getKey(),
                count,
                count == 1 ? "node" : "nodes",
                Refusals.quoted(entry.getValue().first)));
      }
      throw new OnnxException(
          Code.UNSUPPORTED_MODEL,
          "the model needs what this engine does not have: " + joined(lines, lines.size()));
    }
    if (invalidCount > 0) {
      throw Refusals.invalid(joined(invalid, invalidCount));
    }
  }

  private static String joined(List<String> messages, int count) {
    List<String> shown = messages.subList(0, Math.min(SHOWN, messages.size()));
    String rest = count > shown.size() ? "; and " + (count - shown.size()) + " more" : "";
    return String.join("; ", shown) + rest;
  }
}
