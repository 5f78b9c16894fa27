package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.type.Dim;

/** Where a slice of one axis begins and how long it is, by ONNX's rules for clamping. */
final class SliceBounds {
  private SliceBounds() {}

  /** First index, for an axis of {@code dim} elements. */
  static long start(long start, long dim, long step) {
    long from = start < 0 ? start + dim : start;
    return Math.max(0, Math.min(from, step > 0 ? dim : dim - 1));
  }

  private static long end(long end, long dim, long step) {
    long to = end < 0 ? end + dim : end;
    return step > 0 ? Math.max(0, Math.min(to, dim)) : Math.max(-1, Math.min(to, dim - 1));
  }

  /**
   * The length, or null where it depends on the signs of symbols.
   *
   * @param far the greatest length the axis can have, from which on a bound means its end
   */
  static Dim length(Dim dim, Dim start, Dim end, long step, long far) {
    if (dim.isConstant() && start.isConstant() && end.isConstant()) {
      return Dim.of(length(dim.value(), start.value(), end.value(), step));
    }
    if (step < 0) {
      boolean fromLast = start.is(-1) || (start.isConstant() && start.value() >= far);
      boolean toFirst = end.isConstant() && end.value() < -far;
      return fromLast && toFirst ? dim.ceilDiv(-step) : null;
    }
    Dim from = fromBegin(dim, start, far);
    Dim to = fromBegin(dim, end, far);
    if (from == null || to == null) {
      return null;
    }
    boolean inside = to.equals(dim) || dim.minus(to).isNeverNegative() || !end.isNeverNegative();
    Dim length = (inside ? to : to.min(dim)).minus(from);
    return (length.isNeverNegative() ? length : length.max(Dim.ZERO)).ceilDiv(step);
  }

  private static long length(long dim, long start, long end, long step) {
    if (dim == 0) {
      return 0;
    }
    long from = start(start, dim, step);
    long to = end(end, dim, step);
    return Math.max(0, Math.floorDiv(to - from + step - Long.signum(step), step));
  }

  /** A bound counted from the axis' begin, or null where its sign is unknown. */
  private static Dim fromBegin(Dim dim, Dim bound, long far) {
    if (bound.isConstant() && Math.abs(bound.value()) >= far) {
      return bound.value() > 0 ? dim : Dim.ZERO;
    }
    if (bound.isNeverNegative()) {
      return bound;
    }
    if (!bound.times(-1).isNeverNegative()) {
      return null;
    }
    Dim fromEnd = dim.plus(bound);
    return fromEnd.isNeverNegative() ? fromEnd : fromEnd.max(Dim.ZERO);
  }
}
