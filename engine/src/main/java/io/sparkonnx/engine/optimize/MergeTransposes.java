package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.tensor.Transpose;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Makes one transposition of two.
 *
 * <pre>
 * Transpose[p] → Transpose[q]  ⇒  Transpose[p∘q]
 * </pre>
 *
 * The first stays as long as somebody else reads it.
 */
final class MergeTransposes implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      Node first = editor.producer(node.input(0));
      if (editor.contains(node)
          && first != null
          && node.operator() instanceof Transpose outer
          && first.operator() instanceof Transpose inner) {
        merge(editor, first, inner, node, outer);
      }
    }
  }

  private static void merge(
      GraphEditor editor, Node first, Transpose inner, Node second, Transpose outer) {
    ValueInfo info = editor.info(first.input(0));
    if (info == null || !info.shape().hasRank()) {
      return;
    }
    int rank = info.shape().rank();
    int[] p = inner.permutation(rank);
    int[] q = outer.permutation(rank);
    int[] both = new int[rank];
    for (int i = 0; i < rank; i++) {
      both[i] = p[q[i]];
    }
    List<String> inputs = List.of(first.input(0));
    editor.replace(second, new Node(second.name(), Transpose.by(both), inputs, second.outputs()));
  }
}
