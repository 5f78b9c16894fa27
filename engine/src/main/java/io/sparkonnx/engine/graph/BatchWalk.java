package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows rows from node to node under the hypothesis that a symbol counts them: shapes first, then
 * the operator's batch rule.
 */
public final class BatchWalk {
  private final String symbol;
  private final Inference inference;
  private final Map<String, BatchAxis> axes = new HashMap<>();

  /**
   * Starts at a graph's inputs and constants.
   *
   * @param symbol the dimension that counts the rows
   * @param inputAxes the batch axis of each input that has one
   */
  public BatchWalk(Graph graph, String symbol, Map<String, Integer> inputAxes) {
    this.symbol = symbol;
    this.inference = Inference.start(graph);
    inputAxes.forEach((name, axis) -> axes.put(name, BatchAxis.rows(axis)));
  }

  /** How a value depends on the batch, as far as nodes were followed. */
  public BatchAxis axis(String value) {
    return axes.getOrDefault(value, BatchAxis.SHARED);
  }

  /** What is known of a value under the hypothesis, or null. */
  public ValueInfo info(String value) {
    return inference.info(value);
  }

  /**
   * Applies the rules of a node whose inputs are known.
   *
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL where its inputs cannot go together
   */
  public void follow(Node node) {
    inference.infer(node);
    List<BatchAxis> in = new ArrayList<>();
    List<ValueInfo> known = new ArrayList<>();
    BatchAxis coupled = null;
    boolean shared = true;
    for (String input : node.inputs()) {
      BatchAxis axis = axis(input);
      in.add(axis);
      known.add(input.isEmpty() ? null : info(input));
      shared &= axis.isShared();
      coupled = axis.kind() == BatchAxis.Kind.COUPLED && coupled == null ? axis : coupled;
    }
    if (shared) {
      return;
    }
    List<ValueInfo> outputs = new ArrayList<>();
    node.outputs().forEach(name -> outputs.add(name.isEmpty() ? null : info(name)));
    BatchContext context = new BatchContext(node.label(), symbol, in, known, outputs);
    List<BatchAxis> result =
        coupled != null ? context.all(coupled) : node.operator().batch(context);
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.output(i).isEmpty()) {
        axes.put(node.output(i), settled(result.get(i), outputs.get(i)));
      }
    }
  }

  /** What the known contents of a small integer tensor say about a value made from sizes. */
  private BatchAxis settled(BatchAxis axis, ValueInfo info) {
    if (info == null || info.contents() == null) {
      return axis;
    }
    boolean counts =
        info.contents().stream()
            .anyMatch(dim -> BatchContext.nonEmpty(dim, symbol).symbols().contains(symbol));
    return counts ? BatchAxis.SIZE : BatchAxis.SHARED;
  }
}
