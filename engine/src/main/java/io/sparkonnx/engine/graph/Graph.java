package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model's computation: values by name, each with one definition, and nodes in an order in which
 * every value is defined before it is used. Immutable; rewrites go through {@link GraphEditor}.
 *
 * @param name the graph's name
 * @param inputs inputs that a caller gives, in the file's order
 * @param outputs outputs in the file's order
 * @param nodes nodes, sorted
 * @param constants initializers and folded values, by name
 */
public record Graph(
    String name,
    List<GraphInput> inputs,
    List<GraphOutput> outputs,
    List<Node> nodes,
    Map<String, Tensor> constants) {
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    constants = Map.copyOf(constants);
  }

  /** A symbol that no dimension of an input has: the hint, or the hint and a number. */
  public String freshSymbol(String hint) {
    Set<String> taken = new HashSet<>();
    for (GraphInput input : inputs) {
      if (input.type() instanceof TensorType tensor && tensor.shape().hasRank()) {
        tensor.shape().dims().forEach(dim -> taken.addAll(dim.symbols()));
      }
    }
    String symbol = hint;
    for (int i = 1; taken.contains(symbol); i++) {
      symbol = hint + "_" + i;
    }
    return symbol;
  }

  /** Names that nodes of this graph use but nobody in it defines: what a subgraph captures. */
  public Set<String> captures() {
    Set<String> defined = new HashSet<>(constants.keySet());
    inputs.forEach(input -> defined.add(input.name()));
    Set<String> captured = new LinkedHashSet<>();
    for (Node node : nodes) {
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !defined.contains(input)) {
          captured.add(input);
        }
      }
      defined.addAll(node.outputs());
    }
    for (GraphOutput output : outputs) {
      if (!defined.contains(output.name())) {
        captured.add(output.name());
      }
    }
    return captured;
  }

  /**
   * What several graphs inside one node capture together, sorted. These values are inputs of the
   * node, after those that the operator declares.
   */
  public static List<String> captures(List<Graph> graphs) {
    Set<String> captured = new TreeSet<>();
    graphs.forEach(graph -> captured.addAll(graph.captures()));
    return List.copyOf(captured);
  }
}
