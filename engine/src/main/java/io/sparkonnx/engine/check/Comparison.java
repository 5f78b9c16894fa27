package io.sparkonnx.engine.check;

import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.OptionalValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Holds a value against the expected one. Floating-point elements are compared within a tolerance,
 * everything else exactly.
 */
public final class Comparison {
  private final Tolerance tolerance;

  private Comparison(Tolerance tolerance) {
    this.tolerance = tolerance;
  }

  /** What differs, in one line that starts with {@code what}, or null where nothing does. */
  public static String difference(
      String what, OnnxValue expected, OnnxValue actual, Tolerance tolerance) {
    return new Comparison(tolerance).values(what, expected, actual);
  }

  private String values(String what, OnnxValue expected, OnnxValue actual) {
    if (expected instanceof Tensor tensor && actual instanceof Tensor other) {
      return tensors(what, tensor, other);
    }
    if (expected instanceof SequenceValue sequence && actual instanceof SequenceValue other) {
      return sequences(what, sequence, other);
    }
    if (expected instanceof MapValue map && actual instanceof MapValue other) {
      return maps(what, map, other);
    }
    if (expected instanceof OptionalValue optional && actual instanceof OptionalValue other) {
      if (optional.isPresent() && other.isPresent()) {
        return values(what, optional.value(), other.value());
      }
      return optional.isPresent() == other.isPresent()
          ? null
          : what + " is " + (other.isPresent() ? "a value" : "none") + ", expected the opposite";
    }
    return what + " is a " + kind(actual) + ", expected a " + kind(expected);
  }

  private static String kind(OnnxValue value) {
    return value.getClass().getSimpleName();
  }

  private String sequences(String what, SequenceValue expected, SequenceValue actual) {
    if (expected.size() != actual.size()) {
      return what + " has " + actual.size() + " elements, expected " + expected.size();
    }
    for (int i = 0; i < expected.size(); i++) {
      String difference = values(what + "[" + i + "]", expected.get(i), actual.get(i));
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }

  private String maps(String what, MapValue expected, MapValue actual) {
    if (expected.keys().size() != actual.keys().size()) {
      return what + " has " + actual.keys().size() + " keys, expected " + expected.keys().size();
    }
    for (int i = 0; i < expected.keys().size(); i++) {
      String key = text(expected.keys(), i);
      int at = 0;
      while (at < actual.keys().size() && !text(actual.keys(), at).equals(key)) {
        at++;
      }
      if (at == actual.keys().size()) {
        return what + " has no key " + key;
      }
      if (!fits(expected.values(), i, actual.values(), at)) {
        return what
            + "["
            + key
            + "] is "
            + text(actual.values(), at)
            + ", expected "
            + text(expected.values(), i);
      }
    }
    return null;
  }

  private String tensors(String what, Tensor expected, Tensor actual) {
    if (expected.type() != actual.type() || !expected.sameDims(actual)) {
      return what + " is " + actual + ", expected " + expected;
    }
    int wrong = 0;
    int worst = -1;
    double largest = -1;
    for (int i = 0; i < expected.size(); i++) {
      if (fits(expected, i, actual, i)) {
        continue;
      }
      wrong++;
      double distance = distance(expected, actual, i);
      if (!(distance <= largest)) {
        largest = distance;
        worst = i;
      }
    }
    if (wrong == 0) {
      return null;
    }
    return String.format(
        java.util.Locale.ROOT,
        "%s differs in %d of %d elements, most at %d: %s, expected %s (by %.3g)",
        what,
        wrong,
        expected.size(),
        worst,
        text(actual, worst),
        text(expected, worst),
        largest);
  }

  private static double distance(Tensor expected, Tensor actual, int i) {
    return expected instanceof StringTensor
        ? 1
        : Math.abs(expected.doubleAt(i) - actual.doubleAt(i));
  }

  private boolean fits(Tensor expected, int i, Tensor actual, int j) {
    if (expected instanceof StringTensor strings) {
      return actual instanceof StringTensor others && strings.get(i).equals(others.get(j));
    }
    if (expected.type().isFloatingPoint()) {
      return tolerance.admits(expected.doubleAt(i), actual.doubleAt(j));
    }
    if (expected.type().width() == 2) {
      return tolerance.admits(part(expected, i, 0), part(actual, j, 0))
          && tolerance.admits(part(expected, i, 1), part(actual, j, 1));
    }
    return expected.longAt(i) == actual.longAt(j);
  }

  /** Real (0) or imaginary (1) part of a complex element. */
  private static double part(Tensor tensor, int index, int part) {
    return tensor.doubleAt(2 * index + part);
  }

  private static String text(Tensor tensor, int index) {
    if (tensor instanceof StringTensor strings) {
      return "'" + strings.get(index) + "'";
    }
    if (tensor.type().width() == 2) {
      return part(tensor, index, 0) + "+" + part(tensor, index, 1) + "i";
    }
    return tensor.type().isFloatingPoint()
        ? String.valueOf(tensor.doubleAt(index))
        : String.valueOf(tensor.longAt(index));
  }
}
