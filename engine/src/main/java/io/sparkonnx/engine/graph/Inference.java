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

  private Inference(Supplier<Dim> fresh) {
    this.fresh = fresh;
  }

  /**
   * @return what is known, by value name; every value of the graph is there
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL when a node's inputs cannot go together
   */
  public static Map<String, ValueInfo> of(Graph graph) {
    int[] count = {0};
    return of(graph, Map.of(), () -> Dim.symbol("?" + count[0]++));
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
    Inference inference = new Inference(fresh);
    for (GraphInput input : graph.inputs()) {
      inference.infos.put(input.name(), ValueInfo.of(input.type()));
    }
    inference.infos.putAll(outer);
    for (Map.Entry<String, Tensor> constant : graph.constants().entrySet()) {
      inference.infos.putIfAbsent(constant.getKey(), ValueInfo.ofConstant(constant.getValue()));
    }
    graph.nodes().forEach(inference::infer);
    return inference.infos;
  }

  private void infer(Node node) {
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
