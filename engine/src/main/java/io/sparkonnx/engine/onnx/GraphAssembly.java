package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.graph.TopologicalSort;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One graph while it is built; function bodies are part of the graph that calls them. */
final class GraphAssembly {
  private static final String INPUT = "an input";
  private static final String INITIALIZER = "an initializer";

  private final GraphAssembly outer;
  private final Problems problems;
  private final Set<String> declared = new HashSet<>();
  private final Set<String> initialized = new HashSet<>();
  private final Map<String, String> definitions = new HashMap<>();
  private final List<GraphInput> inputs = new ArrayList<>();
  private final List<GraphOutput> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new HashMap<>();

  /** Names of nodes. */
  final UniqueNames nodeNames = new UniqueNames();

  /**
   * @param outer the graph around this one, or null
   */
  GraphAssembly(GraphAssembly outer, Problems problems) {
    this.outer = outer;
    this.problems = problems;
  }

  /** Says that the graph defines a value, before it does. */
  void declare(String value) {
    declared.add(value);
  }

  /** Whether a value is defined somewhere in this graph or in one around it. */
  boolean sees(String value) {
    return declared.contains(value) || (outer != null && outer.sees(value));
  }

  void addInput(GraphInput input) {
    define(input.name(), INPUT);
    inputs.add(input);
  }

  /** Adds an initializer; it may stand in for an input. */
  void addConstant(String name, Tensor value) {
    constants.put(name, value);
    defineConstant(name);
  }

  /** Notes an initializer, also one that could not be read. */
  void defineConstant(String name) {
    if (!initialized.add(name)) {
      problems.invalid(twice(name, INITIALIZER, INITIALIZER));
    } else if (!INPUT.equals(definitions.get(name))) {
      define(name, INITIALIZER);
    }
  }

  void addNode(Node node) {
    nodes.add(node);
    define(node.outputs(), Refusals.oneLine(node.label()));
  }

  /** Notes what a node defines that could not be made. */
  void define(List<String> values, String by) {
    for (String value : values) {
      if (!value.isEmpty()) {
        define(value, by);
      }
    }
  }

  private void define(String value, String by) {
    String other = definitions.putIfAbsent(value, by);
    if (other != null) {
      problems.invalid(twice(value, other, by));
    }
  }

  private static String twice(String value, String first, String second) {
    return String.format(
        Locale.ROOT,
        "value %s is defined twice: by %s and by %s",
        Refusals.quoted(value),
        first,
        second);
  }

  void addOutput(GraphOutput output) {
    boolean captured = outer != null && outer.sees(output.name());
    if (!definitions.containsKey(output.name()) && !captured) {
      problems.invalid("nothing defines output " + Refusals.quoted(output.name()));
    }
    outputs.add(output);
  }

  /**
   * The graph; its nodes are sorted where no problems were found before. Cycles and inputs of nodes
   * that nobody defines are noted as problems.
   */
  Graph build(String name) {
    List<Node> sorted = nodes;
    if (!problems.any()) {
      try {
        sorted = TopologicalSort.sort(nodes, outside(), constants.keySet());
      } catch (OnnxException e) {
        problems.invalid(e.getMessage());
      }
    }
    return new Graph(name, inputs, outputs, sorted, constants);
  }

  private Set<String> outside() {
    Set<String> outside = new HashSet<>();
    inputs.forEach(input -> outside.add(input.name()));
    if (outer != null) {
      for (Node node : nodes) {
        for (String input : node.inputs()) {
          if (!definitions.containsKey(input) && outer.sees(input)) {
            outside.add(input);
          }
        }
      }
    }
    return outside;
  }
}
