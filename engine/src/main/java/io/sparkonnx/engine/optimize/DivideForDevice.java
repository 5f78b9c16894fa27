package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Inference;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.DeviceParts.Part;
import io.sparkonnx.engine.op.DeviceParts.Source;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts operators into parts of which a device runs those that it has a form for.
 *
 * <pre>
 * X → TreeEnsembleClassifier → label, scores
 *   ⇒  X, trees → TreeScores → raw → Winners → label
 *                              raw → FinalScores → scores
 * </pre>
 */
public final class DivideForDevice implements Rewrite {
  /** The divided graph. */
  public static Graph divide(Graph graph) {
    GraphEditor editor = new GraphEditor(graph, Inference.of(graph));
    new DivideForDevice().apply(editor);
    return editor.changes() == 0 ? graph : editor.build();
  }

  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (node.operator() instanceof Divisible divisible) {
        divide(editor, node, divisible);
      }
    }
  }

  private static void divide(GraphEditor editor, Node node, Divisible divisible) {
    List<ValueInfo> known = new ArrayList<>();
    node.inputs().forEach(name -> known.add(name.isEmpty() ? null : editor.info(name)));
    List<String> read = node.outputs().stream().map(name -> whereRead(editor, name)).toList();
    DeviceParts parts = new DeviceParts(node.inputs(), read, known, editor::freshName);
    divisible.divide(parts);
    if (parts.parts().isEmpty()) {
      return;
    }
    parts.constants().forEach(editor::defineConstant);
    List<Node> nodes = new ArrayList<>();
    for (Part part : parts.parts()) {
      String name = editor.freshName(node.name());
      Source source = part.source();
      nodes.add(new Node(name, source.operator(), source.inputs(), List.of(part.output())));
    }
    editor.replace(node, nodes.toArray(Node[]::new));
  }

  /** The name of an output that somebody reads, else the empty name. */
  private static String whereRead(GraphEditor editor, String output) {
    boolean read = editor.isOutput(output) || !editor.consumers(output).isEmpty();
    return read ? output : "";
  }
}
