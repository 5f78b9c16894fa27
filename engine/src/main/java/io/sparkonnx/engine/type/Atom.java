package io.sparkonnx.engine.type;

/**
 * An indivisible factor of a {@link Dim}: a symbol, or a function of dimensions that is no
 * polynomial.
 */
sealed interface Atom extends Comparable<Atom> permits Atom.Symbol, Atom.Call {

  /** A named unknown. */
  record Symbol(String name) implements Atom {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A function of two dimensions. */
  record Call(Function function, Dim left, Dim right) implements Atom {
    @Override
    public String toString() {
      return function.name().toLowerCase(java.util.Locale.ROOT) + "(" + left + "," + right + ")";
    }
  }

  /** Functions that polynomials cannot express. */
  enum Function {
    FLOORDIV,
    MOD,
    MIN,
    MAX,
    /** The length of an axis that two broadcast operands share. */
    BROADCAST
  }

  @Override
  default int compareTo(Atom other) {
    return toString().compareTo(other.toString());
  }
}
