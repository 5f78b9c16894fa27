package io.sparkonnx.engine.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what is wrong with a graph that a rewrite made. Tests run it after each one. */
public final class GraphChecker {
  private final Map<String, String> definitions = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private GraphChecker() {}

  /**
   * @throws IllegalStateException naming every contradiction
   */
  public static void check(Graph graph) {
    List<String> problems = problems(graph, Set.of());
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("; ", problems));
    }
  }

  /**
   * Everything that contradicts the contract of {@link Graph}: each value has one definition, which
   * comes before its uses; inputs and nodes have names of their own; outputs are defined; nodes
   * have operators; an input is optional exactly where a constant stands in for it.
   *
   * @param outer values that the graph may take from graphs around it
   */
  public static List<String> problems(Graph graph, Set<String> outer) {
    GraphChecker checker = new GraphChecker();
    checker.inputs(graph);
    Set<String> visible = new HashSet<>(outer);
    visible.addAll(checker.definitions.keySet());
    checker.nodes(graph, visible);
    for (GraphOutput output : graph.outputs()) {
      if (!visible.contains(output.name())) {
        checker.problems.add("nothing defines output '" + output.name() + "'");
      }
    }
    return List.copyOf(checker.problems);
  }

  private void inputs(Graph graph) {
    Set<String> inputs = new HashSet<>();
    for (GraphInput input : graph.inputs()) {
      inputs.add(input.name());
      define(input.name(), "an input");
      if (input.type() == null) {
        problems.add("input '" + input.name() + "' has no type");
      }
      if (input.optional() != graph.constants().containsKey(input.name())) {
        problems.add(
            "input '"
                + input.name()
                + (input.optional() ? "' is optional without" : "' is not optional but has")
                + " a constant");
      }
    }
    for (String constant : graph.constants().keySet()) {
      if (!inputs.contains(constant)) {
        define(constant, "a constant");
      }
    }
  }

  private void nodes(Graph graph, Set<String> visible) {
    Set<String> names = new HashSet<>();
    for (Node node : graph.nodes()) {
      String label = "node '" + node.name() + "'";
      if (!names.add(node.name())) {
        problems.add(label + " is there twice");
      }
      if (node.operator() == null) {
        problems.add(label + " has no operator");
      }
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !visible.contains(input)) {
          problems.add(label + " reads '" + input + "' before it is defined");
        }
      }
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          define(output, label);
          visible.add(output);
        }
      }
    }
  }

  private void define(String value, String by) {
    String other = definitions.putIfAbsent(value, by);
    if (other != null) {
      problems.add("value '" + value + "' is defined by " + other + " and by " + by);
    }
    if (value.isEmpty()) {
      problems.add("the empty name is defined by " + by);
    }
  }
}
