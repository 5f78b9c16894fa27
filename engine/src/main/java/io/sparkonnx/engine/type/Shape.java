package io.sparkonnx.engine.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** A symbolic shape: its dimensions, or {@link #UNKNOWN} where not even the rank is known. */
public final class Shape {
  public static final Shape UNKNOWN = new Shape(null);
  public static final Shape SCALAR = new Shape(List.of());

  private final List<Dim> dims;

  private Shape(List<Dim> dims) {
    this.dims = dims;
  }

  public static Shape of(List<Dim> dims) {
    return new Shape(List.copyOf(dims));
  }

  public static Shape of(Dim... dims) {
    return of(Arrays.asList(dims));
  }

  public static Shape of(int... dims) {
    return of(Arrays.stream(dims).mapToObj(Dim::of).toList());
  }

  public boolean hasRank() {
    return dims != null;
  }

  /** Number of axes; the shape must have a rank. */
  public int rank() {
    return dims().size();
  }

  /** The dimensions; the shape must have a rank. */
  public List<Dim> dims() {
    if (dims == null) {
      throw new IllegalStateException("shape of unknown rank");
    }
    return dims;
  }

  public Dim dim(int axis) {
    return dims().get(axis);
  }

  /** Whether the rank and every dimension is a number. */
  public boolean isConstant() {
    return dims != null && dims.stream().allMatch(Dim::isConstant);
  }

  /** Number of elements; the shape must have a rank. */
  public Dim size() {
    return product(0, rank());
  }

  /** Product of the dimensions of axes from {@code from} to before {@code to}. */
  public Dim product(int from, int to) {
    Dim product = Dim.ONE;
    for (Dim dim : dims().subList(from, to)) {
      product = product.times(dim);
    }
    return product;
  }

  public Shape with(int axis, Dim dim) {
    List<Dim> changed = new ArrayList<>(dims());
    changed.set(axis, dim);
    return of(changed);
  }

  public Shape substitute(UnaryOperator<Dim> replacement) {
    return dims == null ? this : of(dims.stream().map(dim -> dim.substitute(replacement)).toList());
  }

  /**
   * The dimensions with every symbol bound.
   *
   * @throws ArithmeticException if one is negative or above 2^31-1
   */
  public int[] evaluate(ToLongFunction<String> bindings) {
    int[] values = new int[rank()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(dim(i).evaluate(bindings));
      if (values[i] < 0) {
        throw new ArithmeticException("dimension " + dim(i) + " is " + values[i]);
      }
    }
    return values;
  }

  /** The dimensions of a constant shape. */
  public int[] values() {
    return evaluate(
        name -> {
          throw new IllegalStateException("unbound dimension " + name);
        });
  }

  /**
   * The shape of two operands broadcast against each other (ONNX Broadcasting), or null where they
   * can never fit.
   */
  public static Shape broadcast(Shape a, Shape b) {
    if (!a.hasRank() || !b.hasRank()) {
      return UNKNOWN;
    }
    int rank = Math.max(a.rank(), b.rank());
    Dim[] result = new Dim[rank];
    for (int i = 0; i < rank; i++) {
      int ai = i - (rank - a.rank());
      int bi = i - (rank - b.rank());
      Dim left = ai < 0 ? Dim.ONE : a.dim(ai);
      Dim right = bi < 0 ? Dim.ONE : b.dim(bi);
      result[i] = left.broadcast(right);
      if (result[i] == null) {
        return null;
      }
    }
    return of(result);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && java.util.Objects.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hashCode(dims);
  }

  /** E.g. {@code [batch, 3, 224, 224]}, or {@code [...]} for an unknown rank. */
  @Override
  public String toString() {
    return dims == null ? "[...]" : dims.toString();
  }
}
