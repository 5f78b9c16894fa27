package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers as text and back, as Cast does it. */
final class Texts {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private Texts() {}

  /**
   * The shortest decimal text of each number that reads back as the same, without an exponent, and
   * for floating-point numbers with a point.
   */
  static StringTensor ofNumbers(Tensor numbers) {
    String[] texts = new String[numbers.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = of(numbers, i);
    }
    return Tensor.of(texts, numbers.dims());
  }

  private static String of(Tensor numbers, int index) {
    ElementType type = numbers.type();
    if (type == ElementType.BOOL) {
      return numbers.longAt(index) != 0 ? "True" : "False";
    }
    if (!type.isFloatingPoint()) {
      long value = numbers.longAt(index);
      return type == ElementType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
    }
    double value = numbers.doubleAt(index);
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "INF" : "-INF";
    }
    String shortest =
        type == ElementType.DOUBLE ? Double.toString(value) : Float.toString((float) value);
    String digits = new BigDecimal(shortest).stripTrailingZeros().toPlainString();
    String plain = digits.indexOf('.') < 0 ? digits + ".0" : digits;
    return value == 0 && 1 / value < 0 ? "-" + plain : plain;
  }

  /** Reads a plain or scientific number, INF or NaN. */
  static double real(StepContext context, String text) {
    String trimmed = text.trim();
    switch (trimmed.toUpperCase(Locale.ROOT)) {
      case "INF", "+INF" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-INF" -> {
        return Double.NEGATIVE_INFINITY;
      }
      case "NAN" -> {
        return Double.NaN;
      }
      default -> {
        if (!NUMBER.matcher(trimmed).matches()) {
          throw context.error("'" + text + "' is no number");
        }
        return Double.parseDouble(trimmed);
      }
    }
  }

  /** Reads an integer exactly, any other number truncated. */
  static long integer(StepContext context, String text) {
    String trimmed = text.trim();
    boolean digits = !trimmed.isEmpty() && trimmed.chars().skip(1).allMatch(Character::isDigit);
    if (digits && NUMBER.matcher(trimmed).matches()) {
      return new BigInteger(trimmed).longValue();
    }
    return (long) real(context, text);
  }
}
