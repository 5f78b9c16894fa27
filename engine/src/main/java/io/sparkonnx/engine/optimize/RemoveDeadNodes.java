package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Removes nodes and constants that no output of the graph depends on.
 *
 * <pre>
 * X → Relu → (nobody)  ⇒  X
 * </pre>
 */
final class RemoveDeadNodes implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    Deque<Node> candidates = new ArrayDeque<>(editor.nodes());
    while (!candidates.isEmpty()) {
      Node node = candidates.removeLast();
      if (editor.contains(node) && isDead(editor, node)) {
        editor.remove(node);
        for (String input : node.inputs()) {
          Node producer = editor.producer(input);
          if (producer != null) {
            candidates.addLast(producer);
          }
        }
      }
    }
    for (String name : editor.constantNames()) {
      ValueInfo info = editor.info(name);
      boolean replaceable = info != null && info.constant() == null;
      if (!replaceable && !editor.isOutput(name) && editor.consumers(name).isEmpty()) {
        editor.removeConstant(name);
      }
    }
  }

  private static boolean isDead(GraphEditor editor, Node node) {
    return node.outputs().stream()
        .noneMatch(name -> editor.isOutput(name) || !editor.consumers(name).isEmpty());
  }
}
