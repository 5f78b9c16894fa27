package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.type.Dim;

/** Relations of two numbers; none holds with NaN. */
public enum Comparison {
  EQUAL("=="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">=");

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  /** How languages like C and Java write it. */
  public String sign() {
    return sign;
  }

  /** 1 or 0 for two followed contents, or null where it cannot be told. */
  public Dim ofContents(Dim a, Dim b) {
    return switch (this) {
      case EQUAL -> equal(a, b);
      case LESS -> less(a, b);
      case LESS_OR_EQUAL -> not(less(b, a));
      case GREATER -> less(b, a);
      case GREATER_OR_EQUAL -> not(less(a, b));
    };
  }

  private static Dim equal(Dim a, Dim b) {
    if (a.equals(b)) {
      return Dim.ONE;
    }
    return Dim.ONE.equals(less(a, b)) || Dim.ONE.equals(less(b, a)) ? Dim.ZERO : null;
  }

  private static Dim less(Dim a, Dim b) {
    if (b.minus(a).plus(-1).isNeverNegative()) {
      return Dim.ONE;
    }
    return a.minus(b).isNeverNegative() ? Dim.ZERO : null;
  }

  private static Dim not(Dim truth) {
    return truth == null ? null : Dim.ONE.minus(truth);
  }
}
