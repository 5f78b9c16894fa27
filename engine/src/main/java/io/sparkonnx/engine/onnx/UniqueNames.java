package io.sparkonnx.engine.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Names that are taken, and new ones beside them. */
final class UniqueNames {
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> next = new HashMap<>();

  /** Takes a name if it is free. */
  boolean take(String name) {
    return taken.add(name);
  }

  /** The hint itself if it is free, else the hint with a number. */
  String fresh(String hint) {
    if (taken.add(hint)) {
      return hint;
    }
    int number = next.getOrDefault(hint, 1);
    while (!taken.add(hint + "_" + number)) {
      number++;
    }
    next.put(hint, number + 1);
    return hint + "_" + number;
  }
}
