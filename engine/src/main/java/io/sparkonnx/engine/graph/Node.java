package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.op.Operator;
import java.util.List;

/**
 * One operator applied to values.
 *
 * @param name the node's own name, unique in its graph; made up where the file has none
 * @param operator what it computes
 * @param inputs names of values; the empty name for a left-out input. What the graphs inside the
 *     operator capture comes after the operator's own inputs, see {@link Graph#captures(List)}
 * @param outputs names of values; the empty name for a left-out output
 */
public record Node(String name, Operator operator, List<String> inputs, List<String> outputs) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Operator and name, for messages: {@code Gemm 'fc1'}. */
  public String label() {
    return label(operator.type(), name);
  }

  public static String label(String type, String name) {
    return type + " '" + name + "'";
  }

  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  public String output(int index) {
    return index < outputs.size() ? outputs.get(index) : "";
  }

  public boolean hasInput(int index) {
    return !input(index).isEmpty();
  }

  public Node withOperator(Operator changed) {
    return new Node(name, changed, inputs, outputs);
  }

  public Node withInputs(List<String> changed) {
    return new Node(name, operator, changed, outputs);
  }
}
