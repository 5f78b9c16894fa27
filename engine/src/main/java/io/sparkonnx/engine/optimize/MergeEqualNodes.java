package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes once what is computed twice.
 *
 * <pre>
 * Sub(X, Y) → A,  Sub(X, Y) → B  ⇒  Sub(X, Y) → A, read instead of B
 * </pre>
 *
 * Equal nodes have equal operators, which give equal outputs for equal inputs, and the same inputs.
 * A node that defines an output of the graph stays.
 */
final class MergeEqualNodes implements Rewrite {
  private record Key(Operator operator, List<String> inputs) {}

  @Override
  public void apply(GraphEditor editor) {
    int before;
    do {
      before = editor.changes();
      Map<Key, Node> first = new HashMap<>();
      for (Node node : editor.nodes()) {
        if (editor.contains(node) && node.operator().deterministic()) {
          Node kept = first.putIfAbsent(new Key(node.operator(), node.inputs()), node);
          if (kept != null && editor.contains(kept)) {
            merge(editor, kept, node);
          }
        }
      }
    } while (editor.changes() > before);
  }

  private static void merge(GraphEditor editor, Node kept, Node node) {
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.output(i);
      if (editor.isOutput(output) || (!output.isEmpty() && kept.output(i).isEmpty())) {
        return;
      }
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.output(i).isEmpty()) {
        editor.redirect(node.output(i), kept.output(i));
      }
    }
    editor.remove(node);
  }
}
