package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.FoldOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** Questions about nodes and values that several rewrites ask. */
final class Match {
  private Match() {}

  /** The constant of this name, or null; a constant that a caller may replace is none. */
  static Tensor constant(GraphEditor editor, String value) {
    ValueInfo info = editor.info(value);
    return info != null && info.constant() == null ? null : editor.constant(value);
  }

  /** The constant float tensor of this name, or null. */
  static FloatTensor floats(GraphEditor editor, String value) {
    Tensor constant = constant(editor, value);
    boolean floats = constant != null && constant.type() == ElementType.FLOAT;
    return floats ? (FloatTensor) constant : null;
  }

  /** Whether a value is a float tensor of known rank. */
  static boolean isFloat(GraphEditor editor, String value) {
    ValueInfo info = editor.info(value);
    return info != null
        && info.isTensor()
        && info.element() == ElementType.FLOAT
        && info.shape().hasRank();
  }

  /** The one node that reads the node's one output, or null where there is not exactly one. */
  static Node onlyReader(GraphEditor editor, Node node) {
    boolean one = node.outputs().size() == 1 && editor.isUsedOnce(node.output(0));
    return one ? editor.consumers(node.output(0)).get(0) : null;
  }

  /** Whether a node is this element-wise operator of two operands, broadcast as in numpy. */
  static boolean isBinary(Node node, String type) {
    return node.operator() instanceof FoldOperator fold
        && fold.type().equals(type)
        && !fold.mean()
        && fold.alignment().equals(Alignment.FROM_END)
        && node.inputs().size() == 2;
  }

  /** Of a binary node that reads {@code value} once, the other operand's name. */
  static String otherOperand(Node node, String value) {
    return node.input(node.input(0).equals(value) ? 1 : 0);
  }

  /**
   * Puts {@code merged}'s operator and inputs in the place of two nodes, of which the second is the
   * only reader of the first. It defines the second's outputs.
   */
  static void merge(GraphEditor editor, Node first, Node second, Node merged) {
    editor.remove(second);
    editor.replace(
        first, new Node(merged.name(), merged.operator(), merged.inputs(), second.outputs()));
  }

  /** The inputs with one more or another at {@code index}. */
  static List<String> with(List<String> inputs, int index, String name) {
    List<String> changed = new ArrayList<>(inputs);
    while (changed.size() <= index) {
      changed.add("");
    }
    changed.set(index, name);
    return changed;
  }
}
