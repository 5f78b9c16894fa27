package io.sparkonnx.engine.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Names that are taken, and new ones beside them. */
final class UniqueNames {
  /** New names are at most this long before their number. */
  private static final int MAX_HINT = 250;

  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> next = new HashMap<>();

  /** Takes a name if it is free. */
  boolean take(String name) {
    return taken.add(name);
  }

  /** The wish itself if it is free and not too long, else its beginning with a number. */
  String fresh(String wish) {
    String hint = wish.length() > MAX_HINT ? wish.substring(0, MAX_HINT) : wish;
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
