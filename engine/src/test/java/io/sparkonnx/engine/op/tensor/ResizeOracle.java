package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Resize as ONNX's specification says it: places along an axis as exact fractions, the nearest
 * elements found by sorting them, and one sum over all combinations of them.
 */
final class ResizeOracle {
  /** A number n/d, d above 0. */
  record Ratio(long n, long d) {
    static Ratio of(long n, long d) {
      return d < 0 ? new Ratio(-n, -d) : new Ratio(n, d);
    }

    Ratio plus(Ratio other) {
      return of(n * other.d + other.n * d, d * other.d);
    }

    Ratio times(Ratio other) {
      return of(n * other.n, d * other.d);
    }

    Ratio over(Ratio other) {
      return of(n * other.d, d * other.n);
    }

    long floor() {
      return Math.floorDiv(n, d);
    }

    double value() {
      return (double) n / d;
    }
  }

  /**
   * What the attributes say.
   *
   * @param quarters of the axis where a crop begins and ends
   */
  record Setting(
      String mode,
      String place,
      String nearest,
      double cubic,
      boolean excludeOutside,
      boolean antialias,
      int[] quarters,
      double extrapolation) {}

  /** An element along an axis and its weight. */
  private record Tap(int source, double weight) {}

  private static final Ratio HALF = new Ratio(1, 2);
  private static final Ratio MINUS_HALF = new Ratio(-1, 2);

  private ResizeOracle() {}

  /**
   * @param scales of each axis
   */
  static double[] resize(double[] x, int[] from, int[] to, Ratio[] scales, Setting setting) {
    double[] y = new double[Tensor.sizeOf(to)];
    int[] index = new int[to.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = element(x, from, to, scales, setting, index);
      for (int axis = to.length - 1; axis >= 0 && ++index[axis] == to[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return y;
  }

  private static double element(
      double[] x, int[] from, int[] to, Ratio[] scales, Setting setting, int[] index) {
    List<List<Tap>> taps = new ArrayList<>();
    for (int axis = 0; axis < from.length; axis++) {
      Ratio place = place(index[axis], from[axis], to[axis], scales[axis], setting);
      boolean crops = setting.place.equals("tf_crop_and_resize");
      if (crops && (place.n < 0 || place.value() > from[axis] - 1)) {
        return setting.extrapolation;
      }
      taps.add(taps(place, from[axis], scales[axis].value(), setting));
    }
    return sum(x, from, taps, 0, 0);
  }

  private static double sum(double[] x, int[] from, List<List<Tap>> taps, int axis, int at) {
    if (axis == from.length) {
      return x[at];
    }
    double sum = 0;
    for (Tap tap : taps.get(axis)) {
      sum += tap.weight * sum(x, from, taps, axis + 1, at * from[axis] + tap.source);
    }
    return sum;
  }

  private static Ratio place(int j, int from, int to, Ratio scale, Setting setting) {
    Ratio wanted = scale.times(new Ratio(from, 1));
    Ratio gaps = wanted.plus(new Ratio(-1, 1));
    Ratio last = new Ratio(from - 1, 1);
    Ratio centred = new Ratio(2L * j + 1, 2).over(scale).plus(MINUS_HALF);
    return switch (setting.place) {
      case "half_pixel" -> centred;
      case "half_pixel_symmetric" ->
          new Ratio(1, 1)
              .plus(new Ratio(-to, 1).over(wanted))
              .times(new Ratio(from, 2))
              .plus(centred);
      case "pytorch_half_pixel" -> to > 1 ? centred : new Ratio(0, 1);
      case "align_corners" ->
          gaps.n == 0 ? new Ratio(0, 1) : new Ratio(j, 1).times(last).over(gaps);
      case "asymmetric" -> new Ratio(j, 1).over(scale);
      case "tf_half_pixel_for_nn" -> centred.plus(HALF);
      default -> {
        Ratio start = new Ratio(setting.quarters[0], 4);
        Ratio end = new Ratio(setting.quarters[1], 4);
        Ratio length = end.plus(new Ratio(-start.n, start.d));
        yield gaps.n == 0
            ? start.plus(end).times(HALF).times(last)
            : start.times(last).plus(new Ratio(j, 1).times(length).times(last).over(gaps));
      }
    };
  }

  private static List<Tap> taps(Ratio place, int length, double scale, Setting setting) {
    if (setting.mode.equals("nearest")) {
      long twice = place.times(new Ratio(2, 1)).floor();
      boolean tie = twice % 2 != 0 && place.n * 2 == twice * place.d;
      long below = place.floor();
      boolean exact = place.n == below * place.d;
      long above = exact ? below : below + 1;
      long round = place.plus(HALF).floor();
      long element =
          switch (setting.nearest) {
            case "floor" -> below;
            case "ceil" -> above;
            case "round_prefer_floor" -> tie ? below : round;
            default -> round;
          };
      return List.of(new Tap((int) Math.max(0, Math.min(element, length - 1)), 1));
    }
    double narrow = setting.antialias ? Math.min(1, scale) : 1;
    int reach = setting.mode.equals("linear") ? 1 : 2;
    int count = 2 * (int) Math.ceil(reach / narrow - 1e-12);
    double at = place.value();
    List<Integer> nearest =
        IntStream.range(-count - 2, length + count + 2)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> Math.abs(i - at)))
            .limit(count)
            .toList();
    double sum = 0;
    List<Tap> taps = new ArrayList<>();
    for (int i : nearest) {
      boolean outside = i < 0 || i >= length;
      double weight = setting.excludeOutside && outside ? 0 : weight((i - at) * narrow, setting);
      taps.add(new Tap(Math.max(0, Math.min(i, length - 1)), weight));
      sum += weight;
    }
    double total = setting.excludeOutside || setting.antialias ? sum : 1;
    return taps.stream().map(tap -> new Tap(tap.source, tap.weight / total)).toList();
  }

  /** The filters as textbooks give them, cubic by R. G. Keys. */
  private static double weight(double signed, Setting setting) {
    double x = Math.abs(signed);
    double a = setting.cubic;
    if (setting.mode.equals("linear")) {
      return x < 1 ? 1 - x : 0;
    }
    if (x <= 1) {
      return (a + 2) * Math.pow(x, 3) - (a + 3) * Math.pow(x, 2) + 1;
    }
    return x < 2 ? a * Math.pow(x, 3) - 5 * a * Math.pow(x, 2) + 8 * a * x - 4 * a : 0;
  }
}
