package io.sparkonnx.engine.op;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The inputs of one node as far as they are known, for {@link Operator#infer}. */
public final class InferenceContext {
  private final String node;
  private final List<ValueInfo> inputs;
  private final int outputs;
  private final Supplier<Dim> freshSymbols;

  /**
   * @param node operator and name, for messages
   * @param inputs what is known of each input; null for a left-out one
   * @param outputs number of outputs of the node
   * @param freshSymbols gives a new symbol at each call, for sizes that depend on values
   */
  public InferenceContext(
      String node, List<ValueInfo> inputs, int outputs, Supplier<Dim> freshSymbols) {
    this.node = node;
    this.inputs = inputs;
    this.outputs = outputs;
    this.freshSymbols = freshSymbols;
  }

  public int inputs() {
    return inputs.size();
  }

  public int outputs() {
    return outputs;
  }

  public boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  /** What is known of an input that the operator cannot do without. */
  public ValueInfo input(int input) {
    if (!has(input)) {
      throw error("input " + input + " is missing");
    }
    return inputs.get(input);
  }

  /** Element type of a tensor input. */
  public ElementType element(int input) {
    return tensor(input).element();
  }

  /** Shape of a tensor input; may be of unknown rank. */
  public Shape shape(int input) {
    return tensor(input).shape();
  }

  private ValueInfo tensor(int input) {
    ValueInfo info = input(input);
    if (!info.isTensor()) {
      throw error("input " + input + " is a " + info.type() + ", not a tensor");
    }
    return info;
  }

  /** Elements of a small integer input, symbolic, or null where they are not known. */
  public List<Dim> contents(int input) {
    return has(input) ? inputs.get(input).contents() : null;
  }

  /** Elements of a small integer input, or null where they are not all known as numbers. */
  public long[] constantContents(int input) {
    return has(input) ? inputs.get(input).constantContents() : null;
  }

  /** The input's value where it is a constant of the model, else null. */
  public Tensor constant(int input) {
    return has(input) ? inputs.get(input).constant() : null;
  }

  /** A dimension nobody knows before the values are computed. */
  public Dim fresh() {
    return freshSymbols.get();
  }

  /** A shape of {@code rank} fresh dimensions. */
  public Shape freshShape(int rank) {
    Dim[] dims = new Dim[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = fresh();
    }
    return Shape.of(dims);
  }

  /** Checks that a tensor input has one of these types. */
  public ElementType require(int input, ElementType... allowed) {
    ElementType actual = element(input);
    for (ElementType type : allowed) {
      if (type == actual) {
        return actual;
      }
    }
    throw error("input " + input + " is " + actual + ", expected one of " + List.of(allowed));
  }

  /** Checks that two tensor inputs have the same element type. */
  public ElementType requireSame(int first, int second) {
    if (element(first) != element(second)) {
      throw error(
          String.format(
              Locale.ROOT,
              "input %d is %s but input %d is %s",
              first,
              element(first),
              second,
              element(second)));
    }
    return element(first);
  }

  /**
   * The axis that an attribute means in an input of known rank: negative ones count from the end.
   *
   * @throws OnnxException if it is outside [−rank, rank)
   */
  public int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw error("axis " + axis + " is outside a shape of " + rank + " dimensions");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** An {@link OnnxException.Code#INVALID_MODEL} that names the node. */
  public OnnxException error(String message) {
    return new OnnxException(OnnxException.Code.INVALID_MODEL, node + ": " + message);
  }
}
