package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Inference;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Runs all rewrites in turn until none changes anything. What is known of values is inferred anew
 * after every rewrite that changed the graph.
 */
public final class Optimizer {
  /** Rewrites that every device likes, in the order in which they run. */
  static final List<Rewrite> PORTABLE =
      List.of(
          new FoldConstants(),
          new RemoveIdentities(),
          new MergeEqualNodes(),
          new MergeTransposes(),
          new FoldBatchNormToAffine(),
          new FoldAffineIntoConv(),
          new FoldAffineIntoProduct(),
          new FoldAffineIntoAffine(),
          new FuseLayerNorm(),
          new FuseGelu(),
          new FuseSwish(),
          new FuseActivation(),
          new FuseMaxPool(),
          new RemoveDeadNodes());

  /** Rewrites of a graph whose layouts are assigned. */
  private static final List<Rewrite> AFTER_LAYOUTS = List.of(new FuseColumnProducts());

  /** More rounds than any chain of rewrites in real models needs. */
  private static final int MAX_ROUNDS = 16;

  private Optimizer() {}

  /** An equal graph that runs faster. Its nodes may be operators that ONNX does not have. */
  public static Graph optimize(Graph graph) {
    return optimize(graph, PORTABLE, (rewrite, changed) -> {});
  }

  /** As {@link #optimize(Graph)}, for a graph that {@link AssignLayouts} went over. */
  public static Graph optimizeLayouts(Graph graph) {
    return optimize(graph, AFTER_LAYOUTS, (rewrite, changed) -> {});
  }

  /** As {@link #optimize(Graph)}, for steps on a device. */
  public static Graph optimizeForDevice(Graph graph, DeviceInfo device) {
    return optimize(
        graph, List.of(new FuseAttention(), new FuseElementwise(device)), (rewrite, changed) -> {});
  }

  /**
   * As the first with other rewrites.
   *
   * @param watcher is given each rewrite that changed the graph, with the graph it made
   */
  static Graph optimize(Graph graph, List<Rewrite> rewrites, BiConsumer<Rewrite, Graph> watcher) {
    Graph current = graph;
    Map<String, ValueInfo> infos = Inference.of(current);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Graph before = current;
      for (Rewrite rewrite : rewrites) {
        GraphEditor editor = new GraphEditor(current, infos);
        rewrite.apply(editor);
        if (editor.changes() > 0) {
          current = editor.build();
          infos = Inference.of(current);
          watcher.accept(rewrite, current);
        }
      }
      if (current == before) {
        break;
      }
    }
    return current;
  }
}
