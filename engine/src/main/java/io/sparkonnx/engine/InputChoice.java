package io.sparkonnx.engine;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.optimize.AssignLayouts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which inputs a loaded model has, and in which form, as its {@link LoadOptions} say. */
final class InputChoice {
  private InputChoice() {}

  /**
   * The graph with the inputs that a run may give. An initializer stands in for any other optional
   * input and counts as a constant.
   *
   * @throws OnnxException INVALID_INPUT where the options name inputs that are not there, have no
   *     default, or are no matrices
   */
  static Graph settle(Graph graph, LoadOptions options) {
    Set<String> optional = names(graph, GraphInput::optional);
    require(options.optionalInputs(), optional, "is no input with a default in the model");
    List<GraphInput> given =
        graph.inputs().stream()
            .filter(input -> !input.optional() || options.optionalInputs().contains(input.name()))
            .toList();
    Graph settled =
        new Graph(graph.name(), given, graph.outputs(), graph.nodes(), graph.constants());
    Set<String> matrices = names(settled, AssignLayouts::canBeByColumns);
    settled.outputs().stream().map(GraphOutput::name).forEach(matrices::remove);
    require(options.byColumns(), matrices, "is no input that can come by columns, a matrix");
    return settled;
  }

  private static Set<String> names(Graph graph, Predicate<GraphInput> which) {
    return graph.inputs().stream()
        .filter(which)
        .map(GraphInput::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void require(Set<String> asked, Set<String> possible, String problem) {
    for (String name : new TreeSet<>(asked)) {
      if (!possible.contains(name)) {
        throw new OnnxException(
            OnnxException.Code.INVALID_INPUT,
            "'" + name + "' " + problem + "; these are " + possible);
      }
    }
  }

  /** Where the rows are in inputs that come by columns. */
  static Batching byColumns(Batching batching, LoadOptions options) {
    Map<String, Integer> axes = new HashMap<>(batching.inputAxes());
    options.byColumns().forEach(name -> axes.computeIfPresent(name, (input, axis) -> 1 - axis));
    return new Batching(
        batching.kind(), batching.symbol(), axes, batching.outputAxes(), batching.reason());
  }
}
