package io.sparkonnx.engine.op.tensor;

import java.util.Locale;

/**
 * Which element is the nearest one. Scales are floats, so places that are less than a millionth
 * from an element or from the middle between two count as there.
 */
enum NearestRule {
  ROUND_PREFER_FLOOR,
  ROUND_PREFER_CEIL,
  FLOOR,
  CEIL,
  /** Of version 10, which has no attribute for it: down where an axis grows, else up. */
  BY_SCALE;

  private static final double FINENESS = 1 << 20;

  /** What ONNX calls so, or null. */
  static NearestRule named(String name) {
    for (NearestRule rule : values()) {
      if (rule != BY_SCALE && rule.name().toLowerCase(Locale.ROOT).equals(name)) {
        return rule;
      }
    }
    return null;
  }

  /** The element for a place along an axis, not clamped to it. */
  int element(double place, double scale) {
    double halves = Math.rint(2 * place);
    double exact = Math.abs(2 * place - halves) * FINENESS < 2 ? halves / 2 : place;
    return (int)
        switch (this) {
          case ROUND_PREFER_FLOOR -> Math.ceil(exact - 0.5);
          case ROUND_PREFER_CEIL -> Math.floor(exact + 0.5);
          case FLOOR -> Math.floor(exact);
          case CEIL -> Math.ceil(exact);
          case BY_SCALE -> scale >= 1 ? Math.floor(exact) : Math.ceil(exact);
        };
  }
}
