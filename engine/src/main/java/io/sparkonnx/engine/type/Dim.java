package io.sparkonnx.engine.type;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * An integer as a polynomial over symbols, in normal form: equal polynomials are equal objects in
 * the sense of {@code equals}. Used for dimensions and for the elements of small integer tensors,
 * so it may be negative. Immutable. Arithmetic that leaves the range of long throws {@link
 * ArithmeticException}.
 */
public final class Dim {
  public static final Dim ZERO = new Dim(new TreeMap<>());
  public static final Dim ONE = of(1);

  private static final int MAX_DIVISION_STEPS = 64;

  /** Coefficients by monomial; a monomial is its atoms, sorted, repeated by power. No zeros. */
  private final TreeMap<Monomial, Long> terms;

  private Dim(TreeMap<Monomial, Long> terms) {
    this.terms = terms;
  }

  private record Monomial(List<Atom> atoms) implements Comparable<Monomial> {
    static final Monomial UNIT = new Monomial(List.of());

    Monomial times(Monomial other) {
      List<Atom> product = new ArrayList<>(atoms);
      product.addAll(other.atoms);
      Collections.sort(product);
      return new Monomial(List.copyOf(product));
    }

    /** The quotient, or null where {@code divisor} does not divide this. */
    Monomial dividedBy(Monomial divisor) {
      List<Atom> rest = new ArrayList<>(atoms);
      for (Atom atom : divisor.atoms) {
        if (!rest.remove(atom)) {
          return null;
        }
      }
      return new Monomial(List.copyOf(rest));
    }

    @Override
    public int compareTo(Monomial other) {
      int byDegree = Integer.compare(other.atoms.size(), atoms.size());
      return byDegree != 0 ? byDegree : atoms.toString().compareTo(other.atoms.toString());
    }
  }

  public static Dim of(long value) {
    TreeMap<Monomial, Long> terms = new TreeMap<>();
    if (value != 0) {
      terms.put(Monomial.UNIT, value);
    }
    return new Dim(terms);
  }

  public static Dim symbol(String name) {
    return atom(new Atom.Symbol(name));
  }

  private static Dim atom(Atom atom) {
    TreeMap<Monomial, Long> terms = new TreeMap<>();
    terms.put(new Monomial(List.of(atom)), 1L);
    return new Dim(terms);
  }

  public boolean isConstant() {
    return terms.isEmpty() || (terms.size() == 1 && terms.firstKey().atoms.isEmpty());
  }

  public boolean is(long value) {
    return isConstant() && value() == value;
  }

  /** The value of a constant. */
  public long value() {
    if (!isConstant()) {
      throw new IllegalStateException(this + " is not a constant");
    }
    return terms.isEmpty() ? 0 : terms.firstEntry().getValue();
  }

  public Dim plus(Dim other) {
    TreeMap<Monomial, Long> sum = new TreeMap<>(terms);
    other.terms.forEach((m, c) -> add(sum, m, c));
    return new Dim(sum);
  }

  public Dim plus(long value) {
    return value == 0 ? this : plus(of(value));
  }

  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  public Dim times(long factor) {
    return times(of(factor));
  }

  public Dim times(Dim other) {
    TreeMap<Monomial, Long> product = new TreeMap<>();
    terms.forEach(
        (m, c) ->
            other.terms.forEach((n, d) -> add(product, m.times(n), Math.multiplyExact(c, d))));
    return new Dim(product);
  }

  private static void add(TreeMap<Monomial, Long> terms, Monomial monomial, long coefficient) {
    terms.merge(monomial, coefficient, (a, b) -> zeroToNull(Math.addExact(a, b)));
  }

  private static Long zeroToNull(long value) {
    return value == 0 ? null : Long.valueOf(value);
  }

  /** The polynomial q with q·divisor = this, or null where there is none. */
  public Dim dividedExactlyBy(Dim divisor) {
    if (divisor.terms.isEmpty()) {
      return null;
    }
    Map.Entry<Monomial, Long> lead = divisor.terms.firstEntry();
    Dim rest = this;
    Dim quotient = ZERO;
    for (int step = 0; !rest.terms.isEmpty(); step++) {
      if (step == MAX_DIVISION_STEPS) {
        return null;
      }
      Map.Entry<Monomial, Long> top = rest.terms.firstEntry();
      Monomial monomial = top.getKey().dividedBy(lead.getKey());
      if (monomial == null || top.getValue() % lead.getValue() != 0) {
        return null;
      }
      TreeMap<Monomial, Long> term = new TreeMap<>();
      term.put(monomial, top.getValue() / lead.getValue());
      Dim part = new Dim(term);
      quotient = quotient.plus(part);
      rest = rest.minus(divisor.times(part));
    }
    return quotient;
  }

  /** ⌊this / divisor⌋; a zero divisor gives zero as long as symbols are not bound. */
  public Dim floorDiv(Dim divisor) {
    if (isConstant() && divisor.isConstant() && !divisor.is(0)) {
      return of(Math.floorDiv(value(), divisor.value()));
    }
    Dim exact = dividedExactlyBy(divisor);
    return exact != null ? exact : call(Atom.Function.FLOORDIV, this, divisor);
  }

  public Dim floorDiv(long divisor) {
    return floorDiv(of(divisor));
  }

  public Dim ceilDiv(long divisor) {
    return plus(divisor - 1).floorDiv(divisor);
  }

  public Dim mod(Dim divisor) {
    if (isConstant() && divisor.isConstant() && !divisor.is(0)) {
      return of(Math.floorMod(value(), divisor.value()));
    }
    return dividedExactlyBy(divisor) != null ? ZERO : call(Atom.Function.MOD, this, divisor);
  }

  public Dim min(Dim other) {
    Dim difference = minus(other);
    if (difference.isNeverNegative() || other.isCall(Atom.Function.MIN, this)) {
      return other;
    }
    boolean least = difference.times(-1).isNeverNegative() || isCall(Atom.Function.MIN, other);
    return least ? this : call(Atom.Function.MIN, this, other);
  }

  public Dim max(Dim other) {
    Dim difference = minus(other);
    if (difference.isNeverNegative() || isCall(Atom.Function.MAX, other)) {
      return this;
    }
    boolean most = difference.times(-1).isNeverNegative() || other.isCall(Atom.Function.MAX, this);
    return most ? other : call(Atom.Function.MAX, this, other);
  }

  /** Whether this is {@code function} of {@code operand} and something else, and nothing more. */
  private boolean isCall(Atom.Function function, Dim operand) {
    Atom.Call call = asCall(function);
    return call != null && (call.left().equals(operand) || call.right().equals(operand));
  }

  private Atom.Call asCall(Atom.Function function) {
    boolean bare =
        terms.size() == 1
            && terms.firstEntry().getValue() == 1
            && terms.firstKey().atoms.size() == 1
            && terms.firstKey().atoms.get(0) instanceof Atom.Call;
    Atom.Call call = bare ? (Atom.Call) terms.firstKey().atoms.get(0) : null;
    return call != null && call.function() == function ? call : null;
  }

  /**
   * The common length of two broadcast axes, or null where they can never fit. A symbol beside a
   * constant above 1 is taken to be that constant or 1, so the result is the constant.
   */
  public Dim broadcast(Dim other) {
    if (equals(other) || other.is(1)) {
      return this;
    }
    if (is(1)) {
      return other;
    }
    if (isConstant() && other.isConstant()) {
      return null;
    }
    if (isConstant()) {
      return this;
    }
    if (other.isConstant()) {
      return other;
    }
    if (isCall(Atom.Function.BROADCAST, other) || other.isCutOf(this)) {
      return this;
    }
    boolean same = other.isCall(Atom.Function.BROADCAST, this) || isCutOf(other);
    return same ? other : call(Atom.Function.BROADCAST, this, other);
  }

  /**
   * Whether this is the least of {@code whole} and constants from 1 on. Broadcast against the
   * whole, it must be equal or 1, so the result is the whole.
   */
  private boolean isCutOf(Dim whole) {
    Atom.Call call = asCall(Atom.Function.MIN);
    return call != null
        && (isCut(call.left(), call.right(), whole) || isCut(call.right(), call.left(), whole));
  }

  private static boolean isCut(Dim length, Dim most, Dim whole) {
    boolean there = most.isConstant() && most.value() >= 1;
    return there && (length.equals(whole) || length.isCutOf(whole));
  }

  /**
   * Whether this is known to be 0 or more, given that symbols, being lengths, are: no coefficient
   * is negative. False means unknown.
   */
  public boolean isNeverNegative() {
    return terms.entrySet().stream()
        .allMatch(
            term ->
                term.getValue() > 0 && term.getKey().atoms.stream().allMatch(Dim::isNeverNegative));
  }

  private static boolean isNeverNegative(Atom atom) {
    if (atom instanceof Atom.Call call) {
      boolean left = call.left().isNeverNegative();
      boolean right = call.right().isNeverNegative();
      return call.function() == Atom.Function.MAX ? left || right : left && right;
    }
    return true;
  }

  private static Dim call(Atom.Function function, Dim left, Dim right) {
    return atom(new Atom.Call(function, left, right));
  }

  /** Names of all symbols. */
  public Set<String> symbols() {
    Set<String> names = new LinkedHashSet<>();
    collect(names);
    return names;
  }

  private void collect(Set<String> names) {
    for (Monomial monomial : terms.keySet()) {
      for (Atom atom : monomial.atoms) {
        if (atom instanceof Atom.Symbol symbol) {
          names.add(symbol.name());
        } else if (atom instanceof Atom.Call call) {
          call.left().collect(names);
          call.right().collect(names);
        }
      }
    }
  }

  /** This with symbols replaced; the function returns its argument's own symbol to keep it. */
  public Dim substitute(UnaryOperator<Dim> replacement) {
    if (isConstant()) {
      return this;
    }
    Dim sum = ZERO;
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      Dim product = of(term.getValue());
      for (Atom atom : term.getKey().atoms) {
        product = product.times(substitute(atom, replacement));
      }
      sum = sum.plus(product);
    }
    return sum;
  }

  private static Dim substitute(Atom atom, UnaryOperator<Dim> replacement) {
    if (atom instanceof Atom.Call call) {
      Dim left = call.left().substitute(replacement);
      Dim right = call.right().substitute(replacement);
      return switch (call.function()) {
        case FLOORDIV -> left.floorDiv(right);
        case MOD -> left.mod(right);
        case MIN -> left.min(right);
        case MAX -> left.max(right);
        case BROADCAST -> {
          Dim common = left.broadcast(right);
          if (common == null) {
            throw new ArithmeticException(left + " and " + right + " do not broadcast");
          }
          yield common;
        }
      };
    }
    return replacement.apply(atom(atom));
  }

  /** The value with every symbol bound by name. */
  public long evaluate(ToLongFunction<String> bindings) {
    if (isConstant()) {
      return value();
    }
    long sum = 0;
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      long product = term.getValue();
      for (Atom atom : term.getKey().atoms) {
        product = Math.multiplyExact(product, evaluate(atom, bindings));
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  private static long evaluate(Atom atom, ToLongFunction<String> bindings) {
    if (atom instanceof Atom.Symbol symbol) {
      return bindings.applyAsLong(symbol.name());
    }
    return substitute(atom, name -> of(bindings.applyAsLong(name.symbolName()))).value();
  }

  /** The name of a Dim that is one bare symbol, else null. */
  public String symbolName() {
    if (terms.size() == 1
        && terms.firstEntry().getValue() == 1
        && terms.firstKey().atoms.size() == 1
        && terms.firstKey().atoms.get(0) instanceof Atom.Symbol symbol) {
      return symbol.name();
    }
    return null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dim dim && terms.equals(dim.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  /** E.g. {@code 2*batch*seq + 1}. */
  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    terms.forEach(
        (monomial, coefficient) -> {
          if (text.length() > 0) {
            text.append(coefficient < 0 ? " - " : " + ");
          } else if (coefficient < 0) {
            text.append('-');
          }
          long magnitude = Math.abs(coefficient);
          String atoms = String.join("*", monomial.atoms.stream().map(Atom::toString).toList());
          if (atoms.isEmpty()) {
            text.append(magnitude);
          } else {
            text.append(magnitude == 1 ? atoms : magnitude + "*" + atoms);
          }
        });
    return text.toString();
  }
}
