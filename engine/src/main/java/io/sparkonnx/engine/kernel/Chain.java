package io.sparkonnx.engine.kernel;

import java.util.List;

/**
 * Element-wise functions of floats that are applied one after the other. Values are numbered: the
 * inputs from 0 on, behind them the results of the stages in order; the last one is the chain's
 * result.
 *
 * @param inputs number of inputs
 * @param stages at least one; a stage reads inputs and results of stages before it
 */
public record Chain(int inputs, List<Stage> stages) {
  public Chain {
    stages = List.copyOf(stages);
  }

  /** One function. */
  public sealed interface Stage permits Unary, Binary, MultiplyAdd {}

  /** f(x) with its parameters. */
  public record Unary(UnaryFunction f, float alpha, float beta, int x) implements Stage {}

  /** f(a, b). */
  public record Binary(BinaryFunction f, int a, int b) implements Stage {}

  /** fma(x, factor, summand). */
  public record MultiplyAdd(int x, int factor, int summand) implements Stage {}

  /**
   * How an input is read for an element of the result.
   *
   * @param kind which of its elements
   * @param from for {@link Kind#RUN}, the first of the result's axes that it has, counted from the
   *     end
   * @param to for {@link Kind#RUN}, the one behind the last, counted from the end
   */
  public record Reading(Kind kind, int from, int to) {
    public static final Reading SAME = new Reading(Kind.SAME, 0, 0);
    public static final Reading ONE = new Reading(Kind.ONE, 0, 0);

    /** Which element belongs to element i of the result. */
    public enum Kind {
      /** Element i. */
      SAME,
      /** The only one. */
      ONE,
      /** Element i / inner % length, where neighbouring axes are the input's. */
      RUN
    }

    /** Elements of the result behind one element of a run. */
    public int inner(int[] dims) {
      return product(dims, dims.length - to, dims.length);
    }

    /** Elements of a run. */
    public int length(int[] dims) {
      return product(dims, dims.length - from, dims.length - to);
    }

    private static int product(int[] dims, int from, int to) {
      int product = 1;
      for (int axis = from; axis < to; axis++) {
        product *= dims[axis];
      }
      return product;
    }
  }
}
