package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Functions of integers and truth values in OpenCL C. They are computed in 64 bits and wrap, as
 * {@link LongArithmetic} computes them.
 */
final class DeviceIntegers {
  private DeviceIntegers() {}

  /**
   * The function of all inputs, folded from the left, or null where devices have none. A division
   * by zero cannot be told there, so divisors must be constants above it.
   */
  static String function(Arithmetic f, DevicePreparation preparation) {
    if (isDivision(f) && !hasDivisors(preparation)) {
      return null;
    }
    String value = "(long)v0";
    for (int input = 1; input < preparation.inputs().size(); input++) {
      value = function(f, value, "(long)v" + input);
      if (value == null) {
        return null;
      }
    }
    return value;
  }

  private static boolean isDivision(Arithmetic f) {
    return f == Arithmetic.DIV || f == Arithmetic.MOD || f == Arithmetic.REMAINDER;
  }

  private static boolean hasDivisors(DevicePreparation preparation) {
    return IntStream.range(1, preparation.inputs().size())
        .mapToObj(input -> preparation.inputs().get(input).constant())
        .allMatch(divisors -> divisors != null && arePositive(divisors));
  }

  private static boolean arePositive(Tensor divisors) {
    return IntStream.range(0, divisors.size()).allMatch(i -> divisors.longAt(i) > 0);
  }

  private static String function(Arithmetic f, String a, String b) {
    return switch (f) {
      case ADD -> wrapping(a, "+", b);
      case SUB -> wrapping(a, "-", b);
      case MUL -> wrapping(a, "*", b);
      case AND -> "(" + a + " & " + b + ")";
      case OR -> "(" + a + " | " + b + ")";
      case XOR -> "(" + a + " ^ " + b + ")";
      case MIN -> "min(" + a + ", " + b + ")";
      case MAX -> "max(" + a + ", " + b + ")";
      case DIV -> "(" + a + " / " + b + ")";
      case REMAINDER -> "(" + a + " % " + b + ")";
      case MOD -> "(" + a + " % " + b + " + (" + a + " % " + b + " < 0 ? " + b + " : 0))";
      default -> null;
    };
  }

  /** Signed integers may not overflow in C, unsigned ones may. */
  private static String wrapping(String a, String sign, String b) {
    return "(long)((ulong)(" + a + ") " + sign + " (ulong)(" + b + "))";
  }
}
