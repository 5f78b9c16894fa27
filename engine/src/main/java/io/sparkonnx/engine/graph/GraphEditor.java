package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes to one graph, collected by a rewrite and built into a new graph. Reads see the changes
 * made so far; what is known of values ({@link #info}) is as of the start, and empty for new
 * values.
 */
public final class GraphEditor {
  private final Graph graph;
  private final Map<String, ValueInfo> infos;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Tensor> constants;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> consumers = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> outputs = new HashSet<>();
  private int changes;

  /**
   * @param infos what inference found, by value name
   */
  public GraphEditor(Graph graph, Map<String, ValueInfo> infos) {
    this.graph = graph;
    this.infos = infos;
    this.constants = new HashMap<>(graph.constants());
    graph.inputs().forEach(input -> names.add(input.name()));
    graph.outputs().forEach(output -> outputs.add(output.name()));
    names.addAll(constants.keySet());
    graph.nodes().forEach(this::insert);
  }

  private void insert(Node node) {
    nodes.put(node.name(), node);
    names.add(node.name());
    for (String output : node.outputs()) {
      if (!output.isEmpty()) {
        producers.put(output, node);
        names.add(output);
      }
    }
    for (String input : node.inputs()) {
      if (!input.isEmpty()) {
        consumers.computeIfAbsent(input, k -> new ArrayList<>()).add(node);
      }
    }
  }

  private void unlink(Node node) {
    node.outputs().forEach(output -> producers.remove(output, node));
    node.inputs().forEach(input -> consumers.getOrDefault(input, new ArrayList<>()).remove(node));
  }

  /** A snapshot of the nodes, in no guaranteed order after changes. */
  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  public boolean contains(Node node) {
    return nodes.get(node.name()) == node;
  }

  /** The node that defines a value, or null for inputs and constants. */
  public Node producer(String value) {
    return producers.get(value);
  }

  /** Nodes that read a value, once per use. */
  public List<Node> consumers(String value) {
    return List.copyOf(consumers.getOrDefault(value, List.of()));
  }

  /** Whether {@code value} is read exactly once and is no output of the graph. */
  public boolean isUsedOnce(String value) {
    return !isOutput(value) && consumers(value).size() == 1;
  }

  public boolean isOutput(String value) {
    return outputs.contains(value);
  }

  /** The constant of this name, or null. */
  public Tensor constant(String value) {
    return constants.get(value);
  }

  /** What is known of a value, or null. */
  public ValueInfo info(String value) {
    return infos.get(value);
  }

  /**
   * Puts {@code replacement} where {@code old} was; together they define the same wanted values. A
   * node of the same name keeps the place in the order.
   */
  public void replace(Node old, Node... replacement) {
    unlink(old);
    nodes.put(old.name(), null);
    for (Node node : replacement) {
      insert(node);
    }
    nodes.remove(old.name(), null);
    changes++;
  }

  /** Removes a node whose outputs nobody reads any more. */
  public void remove(Node node) {
    unlink(node);
    nodes.remove(node.name());
    changes++;
  }

  /**
   * Makes every reader of {@code from} read {@code to}. {@code from} must not be an output of the
   * graph.
   */
  public void redirect(String from, String to) {
    if (isOutput(from)) {
      throw new IllegalArgumentException("output '" + from + "' cannot be renamed");
    }
    for (Node reader : new HashSet<>(consumers(from))) {
      List<String> inputs = new ArrayList<>(reader.inputs());
      inputs.replaceAll(name -> name.equals(from) ? to : name);
      unlink(reader);
      insert(reader.withInputs(inputs));
    }
    changes++;
  }

  /** Adds a constant and returns its name, which starts with {@code hint}. */
  public String addConstant(String hint, Tensor value) {
    String name = freshName(hint);
    constants.put(name, value);
    changes++;
    return name;
  }

  /** Gives a value that a removed node defined a constant instead. */
  public void defineConstant(String name, Tensor value) {
    constants.put(name, value);
    names.add(name);
    changes++;
  }

  public void removeConstant(String name) {
    constants.remove(name);
    changes++;
  }

  public Set<String> constantNames() {
    return Set.copyOf(constants.keySet());
  }

  /** A name that no value and no node has. */
  public String freshName(String hint) {
    String name = hint;
    for (int i = 1; !names.add(name); i++) {
      name = hint + "_" + i;
    }
    return name;
  }

  /** Number of changes so far. */
  public int changes() {
    return changes;
  }

  /** The changed graph, its nodes sorted. */
  public Graph build() {
    List<Node> sorted =
        TopologicalSort.sort(List.copyOf(nodes.values()), captured(), constants.keySet());
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), sorted, constants);
  }

  private Set<String> captured() {
    Set<String> outside = new HashSet<>(graph.captures());
    graph.inputs().forEach(input -> outside.add(input.name()));
    return outside;
  }
}
