package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What outputs of a graph depend on. */
public final class Dependencies {
  private Dependencies() {}

  /** The graph that computes some of its outputs: nodes, constants and inputs that these need. */
  public static Graph keeping(Graph graph, Collection<String> outputs) {
    Set<String> needed = neededBy(graph, outputs);
    Map<String, Tensor> constants = new HashMap<>(graph.constants());
    constants.keySet().retainAll(needed);
    return new Graph(
        graph.name(),
        graph.inputs().stream().filter(input -> needed.contains(input.name())).toList(),
        graph.outputs().stream().filter(output -> outputs.contains(output.name())).toList(),
        graph.nodes().stream()
            .filter(node -> node.outputs().stream().anyMatch(needed::contains))
            .toList(),
        constants);
  }

  /** Names of the graph's inputs that an output depends on, sorted. */
  public static Set<String> inputsOf(Graph graph, String output) {
    Set<String> needed = neededBy(graph, List.of(output));
    Set<String> inputs = new TreeSet<>();
    graph.inputs().stream().map(GraphInput::name).filter(needed::contains).forEach(inputs::add);
    return inputs;
  }

  private static Set<String> neededBy(Graph graph, Collection<String> outputs) {
    Map<String, Node> producers = new HashMap<>();
    for (Node node : graph.nodes()) {
      node.outputs().forEach(output -> producers.put(output, node));
    }
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(outputs);
    while (!open.isEmpty()) {
      String value = open.pop();
      if (!value.isEmpty() && needed.add(value) && producers.containsKey(value)) {
        open.addAll(producers.get(value).inputs());
      }
    }
    return needed;
  }
}
