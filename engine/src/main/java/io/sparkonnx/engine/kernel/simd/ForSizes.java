package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a task lately worked out for windows over images of a size.
 *
 * @param <T> what is worked out
 */
class ForSizes<T> {
  private static final int MOST = 64;

  private record Known<T>(Window window, int[] spatial, T made) {}

  private final List<Known<T>> all = new ArrayList<>();
  private int next;

  /** What is known for this very window and these lengths, or null. */
  final T find(Window window, int[] spatial) {
    for (int i = 0; i < all.size(); i++) {
      Known<T> known = all.get(i);
      if (known.window == window && Arrays.equals(known.spatial, spatial)) {
        return known.made;
      }
    }
    return null;
  }

  /** Remembers something, and forgets the oldest where there is too much. */
  final T add(Window window, int[] spatial, T made) {
    Known<T> known = new Known<>(window, spatial.clone(), made);
    if (all.size() < MOST) {
      all.add(known);
    } else {
      all.set(next, known);
      next = (next + 1) % MOST;
    }
    return made;
  }
}
