package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import java.util.Locale;

/**
 * How elements are made from those around a place.
 *
 * @param mode which elements count
 * @param coordinates where the place is
 * @param rule for the nearest element
 * @param cubic the coefficient of cubic interpolation
 * @param excludeOutside whether elements outside of the axis have no weight, rather than its ends'
 *     values
 * @param antialias whether the filter grows where the axis shrinks
 */
record ResizeFilter(
    Mode mode,
    Coordinates coordinates,
    NearestRule rule,
    double cubic,
    boolean excludeOutside,
    boolean antialias) {
  /** Which elements count. */
  enum Mode {
    NEAREST(1, 0),
    LINEAR(2, 1),
    CUBIC(4, 2);

    /** Elements along an axis. */
    final int taps;

    /** How far away an element may be. */
    private final int reach;

    Mode(int taps, int reach) {
      this.taps = taps;
      this.reach = reach;
    }
  }

  /** That of operators without attributes for it. */
  static ResizeFilter plain(Mode mode, NearestRule rule) {
    return new ResizeFilter(mode, Coordinates.ASYMMETRIC, rule, 0, false, false);
  }

  static ResizeFilter of(Attributes attributes) {
    String place = attributes.string("coordinate_transformation_mode", "half_pixel");
    Coordinates coordinates = Coordinates.named(place);
    if (coordinates == null) {
      throw attributes.error("coordinate_transformation_mode is '" + place + "', which is none");
    }
    String nearest = attributes.string("nearest_mode", "round_prefer_floor");
    NearestRule rule = NearestRule.named(nearest);
    if (rule == null) {
      throw attributes.error(
          "nearest_mode is '"
              + nearest
              + "', expected round_prefer_floor, round_prefer_ceil, floor or ceil");
    }
    Mode mode = mode(attributes, Mode.CUBIC);
    boolean antialias = attributes.flag("antialias", false);
    if (antialias && mode == Mode.NEAREST) {
      throw attributes.error("antialias is set, which mode nearest does not have");
    }
    return new ResizeFilter(
        mode,
        coordinates,
        rule,
        attributes.real("cubic_coeff_a", -0.75f),
        attributes.flag("exclude_outside", false),
        antialias);
  }

  /**
   * The attribute {@code mode}.
   *
   * @param last the last one that the operator has
   */
  static Mode mode(Attributes attributes, Mode last) {
    String name = attributes.string("mode", "nearest");
    for (Mode mode : Mode.values()) {
      if (mode.compareTo(last) <= 0 && mode.name().toLowerCase(Locale.ROOT).equals(name)) {
        return mode;
      }
    }
    throw attributes.error(
        "mode is '"
            + name
            + "', expected nearest"
            + (last == Mode.CUBIC ? ", linear or cubic" : " or linear"));
  }

  boolean isNearest() {
    return mode == Mode.NEAREST;
  }

  boolean crops() {
    return coordinates == Coordinates.TF_CROP_AND_RESIZE;
  }

  /** Elements along an axis, where the filter does not grow. */
  int plainTaps() {
    return mode.taps;
  }

  /** The elements and weights for an axis that has elements. */
  AxisTaps taps(Stretch axis) {
    double narrow = antialias ? Math.min(axis.scale(), 1) : 1;
    int first = isNearest() ? 0 : (int) Math.floor(-mode.reach / narrow) + 1;
    int count = isNearest() ? 1 : 2 - 2 * first;
    int[] sources = new int[Math.multiplyExact(axis.to(), count)];
    double[] weights = new double[sources.length];
    boolean[] outside = null;
    for (int place = 0; place < axis.to(); place++) {
      double original = coordinates.original(place, axis);
      if (crops() && (original < 0 || original > axis.from() - 1)) {
        outside = outside == null ? new boolean[axis.to()] : outside;
        outside[place] = true;
      }
      int at = place * count;
      if (isNearest()) {
        sources[at] = inside(rule.element(original, axis.scale()), axis.from());
        weights[at] = 1;
      } else {
        weigh(original, axis.from(), first, narrow, weights, at, count);
        for (int i = 0; i < count; i++) {
          sources[at + i] = inside((int) Math.floor(original) + first + i, axis.from());
        }
      }
    }
    return new AxisTaps(count, sources, weights, outside);
  }

  private static int inside(int element, int length) {
    return Math.max(0, Math.min(element, length - 1));
  }

  private void weigh(
      double original, int length, int first, double narrow, double[] to, int at, int count) {
    double below = Math.floor(original);
    double sum = 0;
    double kept = 0;
    for (int i = 0; i < count; i++) {
      double element = below + first + i;
      double weight = weight(Math.abs(element - original) * narrow);
      to[at + i] = weight;
      sum += weight;
      kept += element >= 0 && element < length ? weight : 0;
    }
    boolean excludes = excludeOutside && kept != 0;
    if (!excludes && !antialias) {
      return;
    }
    for (int i = 0; i < count; i++) {
      double element = below + first + i;
      boolean out = element < 0 || element >= length;
      to[at + i] = excludes && out ? 0 : to[at + i] / (excludes ? kept : sum);
    }
  }

  /** The filter at a distance, before its weights are made to sum up to 1. */
  private double weight(double distance) {
    if (mode == Mode.LINEAR) {
      return Math.max(0, 1 - distance);
    }
    double a = cubic;
    if (distance <= 1) {
      return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
    }
    return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0;
  }
}
