package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.type.Dim;

/** Functions of two numbers that give a number of the first one's type. */
public enum Arithmetic {
  ADD(BinaryFunction.ADD),
  SUB(BinaryFunction.SUB),
  MUL(BinaryFunction.MUL),
  /** Of integers, rounded toward zero. */
  DIV(BinaryFunction.DIV),
  MIN(BinaryFunction.MIN),
  MAX(BinaryFunction.MAX),
  POW(BinaryFunction.POW),
  PRELU(BinaryFunction.PRELU),
  /** a − ⌊a/b⌋·b: the sign of b. */
  MOD(null),
  /** a − trunc(a/b)·b: the sign of a. */
  REMAINDER(null),
  AND(null),
  OR(null),
  XOR(null),
  SHIFT_LEFT(null),
  /** Of signed integers, filled with the sign. */
  SHIFT_RIGHT(null);

  private final BinaryFunction kernel;

  Arithmetic(BinaryFunction kernel) {
    this.kernel = kernel;
  }

  /** The float kernel's name for this function, or null where there is none. */
  public BinaryFunction kernel() {
    return kernel;
  }

  /** The function of two followed contents, or null where it cannot be told. */
  public Dim ofContents(Dim a, Dim b) {
    return switch (this) {
      case ADD -> a.plus(b);
      case SUB -> a.minus(b);
      case MUL -> a.times(b);
      case DIV -> quotient(a, b);
      case MIN -> a.min(b);
      case MAX -> a.max(b);
      case MOD -> b.is(0) || !divisible(a, b) ? null : a.mod(b);
      case REMAINDER -> remainder(a, b);
      case AND -> truths(a, b) ? a.times(b) : null;
      case OR -> truths(a, b) ? a.max(b) : null;
      case XOR -> truths(a, b) ? Dim.of(a.value() ^ b.value()) : null;
      default -> null;
    };
  }

  private static boolean truths(Dim a, Dim b) {
    return (a.is(0) || a.is(1)) && (b.is(0) || b.is(1));
  }

  private static Dim quotient(Dim a, Dim b) {
    if (b.is(0)) {
      return null;
    }
    if (a.isConstant() && b.isConstant()) {
      return Dim.of(a.value() / b.value());
    }
    Dim exact = a.dividedExactlyBy(b);
    if (exact != null) {
      return exact;
    }
    return divisible(a, b) ? a.floorDiv(b) : null;
  }

  private static Dim remainder(Dim a, Dim b) {
    if (b.is(0)) {
      return null;
    }
    if (a.isConstant() && b.isConstant()) {
      return Dim.of(a.value() % b.value());
    }
    return divisible(a, b) ? a.mod(b) : null;
  }

  private static boolean divisible(Dim a, Dim b) {
    return (a.isConstant() && b.isConstant()) || (a.isNeverNegative() && b.isNeverNegative());
  }
}
