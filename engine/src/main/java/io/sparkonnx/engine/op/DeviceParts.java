package io.sparkonnx.engine.op;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The nodes that take the place of one node for a device, as its operator names them. */
public final class DeviceParts {
  /**
   * Where a value comes from.
   *
   * @param operator what computes it, as its only output
   * @param inputs names of values
   */
  public record Source(Operator operator, List<String> inputs) {}

  /**
   * One of the nodes.
   *
   * @param source what it computes
   * @param output name of its output
   */
  public record Part(Source source, String output) {}

  private final List<String> inputs;
  private final List<String> outputs;
  private final List<ValueInfo> known;
  private final UnaryOperator<String> fresh;
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Tensor> constants = new HashMap<>();

  /**
   * @param inputs names of the node's inputs
   * @param outputs names of its outputs; empty for one that nobody reads
   * @param known what is known of each input; null where the node leaves it out
   * @param fresh a name that is not used yet, from a hint
   */
  public DeviceParts(
      List<String> inputs,
      List<String> outputs,
      List<ValueInfo> known,
      UnaryOperator<String> fresh) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.known = known;
    this.fresh = fresh;
  }

  /** Name of an input of the node. */
  public String input(int index) {
    return inputs.get(index);
  }

  /** What is known of an input; null where the node leaves it out. */
  public ValueInfo known(int index) {
    return index < known.size() ? known.get(index) : null;
  }

  /** Whether an input is a tensor of floats with {@code rank} axes. */
  public boolean isFloats(int index, int rank) {
    return isFloats(index) && known(index).shape().rank() == rank;
  }

  /** Whether an input is a tensor of floats of known rank. */
  public boolean isFloats(int index) {
    ValueInfo info = known(index);
    return info != null
        && info.isTensor()
        && info.shape().hasRank()
        && info.element() == ElementType.FLOAT;
  }

  /** Whether anybody reads an output. */
  public boolean wants(int output) {
    return output < outputs.size() && !outputs.get(output).isEmpty();
  }

  /** A constant that parts read. */
  public String constant(String hint, Tensor value) {
    String name = fresh.apply(hint);
    constants.put(name, value);
    return name;
  }

  /** A part whose value other parts read; its name. */
  public String part(Source source) {
    return add(source, fresh.apply(source.operator().type()));
  }

  /** The part that gives an output that somebody reads; its name, which other parts may read. */
  public String output(int output, Source source) {
    return add(source, outputs.get(output));
  }

  private String add(Source source, String name) {
    parts.add(new Part(source, name));
    return name;
  }

  public List<Part> parts() {
    return List.copyOf(parts);
  }

  public Map<String, Tensor> constants() {
    return Map.copyOf(constants);
  }
}
