package io.sparkonnx.engine;

import io.sparkonnx.engine.graph.Dependencies;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which outputs of a model are computed, as its {@link LoadOptions} say. The choice is made in the
 * optimised graph, so that the outputs that stay keep every bit.
 */
final class OutputChoice {
  private OutputChoice() {}

  /**
   * The graph with the chosen outputs.
   *
   * @throws OnnxException INVALID_INPUT where the options name an output that is not there
   */
  static Graph keep(Graph graph, LoadOptions options) {
    if (options.outputs().isEmpty()) {
      return graph;
    }
    List<String> outputs = graph.outputs().stream().map(GraphOutput::name).toList();
    for (String name : new TreeSet<>(options.outputs())) {
      if (!outputs.contains(name)) {
        throw new OnnxException(
            OnnxException.Code.INVALID_INPUT,
            "'" + name + "' is no output of the model; these are " + outputs);
      }
    }
    return Dependencies.keeping(graph, options.outputs());
  }

  /** Where the rows are in the inputs and outputs that a graph has. */
  static Batching keep(Batching batching, Graph graph) {
    Map<String, Integer> inputs = new HashMap<>(batching.inputAxes());
    inputs.keySet().retainAll(graph.inputs().stream().map(GraphInput::name).toList());
    Map<String, Integer> outputs = new HashMap<>(batching.outputAxes());
    outputs.keySet().retainAll(graph.outputs().stream().map(GraphOutput::name).toList());
    return new Batching(batching.kind(), batching.symbol(), inputs, outputs, batching.reason());
  }

  static Map<String, Set<String>> inputsByOutput(Graph graph) {
    Map<String, Set<String>> inputs = new LinkedHashMap<>();
    for (GraphOutput output : graph.outputs()) {
      inputs.put(output.name(), Set.copyOf(Dependencies.inputsOf(graph, output.name())));
    }
    return Map.copyOf(inputs);
  }
}
