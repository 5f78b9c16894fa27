package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs every node's rules once, in order: what is known of each value of a graph. */
public final class Inference {
  private final Map<String, ValueInfo> infos = new HashMap<>();
  private final Supplier<Dim> fresh;

  /**
   * @return what is known, by value name; every value of the graph is there
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL when a node's inputs cannot go together
   */
  public static Map<String, ValueInfo> of(Graph graph) {
    Inference inference = start(graph);
    graph.nodes().forEach(inference::infer);
    return inference.infos;
  }

  /**
   * As above for a subgraph.
   *
   * @param outer what is known of captured values, and of the subgraph's inputs where the caller
   *     knows more than the file declares
   * @param fresh gives new symbols
   */
  public static Map<String, ValueInfo> of(
      Graph graph, Map<String, ValueInfo> outer, Supplier<Dim> fresh) {
    Inference inference = new Inference(graph, outer, fresh);
    graph.nodes().forEach(inference::infer);
    return inference.infos;
  }

  /** Starts with the graph's inputs and constants; its nodes are inferred one by one. */
  static Inference start(Graph graph) {
    int[] count = {0};
    return new Inference(graph, Map.of(), () -> Dim.symbol("?" + count[0]++));
  }

  private Inference(Graph graph, Map<String, ValueInfo> outer, Supplier<Dim> fresh) {
    this.fresh = fresh;
    for (GraphInput input : graph.inputs()) {
      infos.put(input.name(), ValueInfo.of(input.type()));
    }
    infos.putAll(outer);
    for (Map.Entry<String, Tensor> constant : graph.constants().entrySet()) {
      infos.putIfAbsent(constant.getKey(), ValueInfo.ofConstant(constant.getValue()));
    }
  }

  /** What is known of a value so far, or null. */
  ValueInfo info(String value) {
    return infos.get(value);
  }

  /** Runs the rules of a node whose inputs are known. */
  void infer(Node node) {
    List<ValueInfo> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      inputs.add(input.isEmpty() ? null : infos.get(input));
    }
    InferenceContext context =
        new InferenceContext(node.label(), inputs, node.outputs().size(), fresh);
    List<ValueInfo> outputs;
    try {
      outputs = node.operator().infer(context);
    } catch (ArithmeticException e) {
      throw context.error("sizes are too large: " + e.getMessage());
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.output(i).isEmpty()) {
        if (i >= outputs.size()) {
          throw context.error("has " + node.outputs().size() + " outputs, expected at most " + i);
        }
        infos.put(node.output(i), outputs.get(i));
      }
    }
  }
}
