package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.math.MathOperators;
import io.sparkonnx.engine.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognises a Gelu that was exported piece by piece.
 *
 * <pre>
 * X · 0.5 · Add(Erf(Div(X, √2)), 1), the factors in any order  ⇒  Gelu(X)
 * </pre>
 *
 * Instead of Div there may be Mul by 1/√2. Pieces that somebody else reads stay.
 */
final class FuseGelu implements Rewrite {
  private static final double TOLERANCE = 1e-4;

  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      String x = editor.contains(node) ? argument(editor, node) : null;
      if (x != null && Match.isFloat(editor, x)) {
        editor.replace(
            node, new Node(node.name(), MathOperators.gelu(), List.of(x), node.outputs()));
      }
    }
  }

  /** The X of which the node's product is the Gelu, or null. */
  private static String argument(GraphEditor editor, Node node) {
    List<String> factors = new ArrayList<>();
    collect(editor, node, factors);
    boolean three = factors.size() == 3;
    if (!three || !factors.removeIf(f -> isScalar(editor, f, 0.5)) || factors.size() != 2) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      String x = factors.get(1 - i);
      if (x.equals(errorFunctionOf(editor, factors.get(i)))) {
        return x;
      }
    }
    return null;
  }

  /** The factors of a product of up to three. */
  private static void collect(GraphEditor editor, Node node, List<String> factors) {
    if (!Match.isBinary(node, "Mul")) {
      return;
    }
    factors.addAll(node.inputs());
    for (String factor : node.inputs()) {
      Node inner = editor.producer(factor);
      if (factors.size() == 2 && inner != null && Match.isBinary(inner, "Mul")) {
        factors.remove(factor);
        factors.addAll(inner.inputs());
      }
    }
  }

  /** The X of {@code Erf(X/√2) + 1}, or null where the value is another. */
  private static String errorFunctionOf(GraphEditor editor, String value) {
    Node add = editor.producer(value);
    if (add == null || !Match.isBinary(add, "Add")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Node erf = editor.producer(add.input(i));
      boolean found = erf != null && erf.operator().type().equals("Erf");
      if (found && isScalar(editor, add.input(1 - i), 1)) {
        return dividedByRootTwo(editor, erf.input(0));
      }
    }
    return null;
  }

  private static String dividedByRootTwo(GraphEditor editor, String value) {
    Node node = editor.producer(value);
    if (node == null) {
      return null;
    }
    if (Match.isBinary(node, "Div") && isScalar(editor, node.input(1), Math.sqrt(2))) {
      return node.input(0);
    }
    if (!Match.isBinary(node, "Mul")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      if (isScalar(editor, node.input(1 - i), Math.sqrt(0.5))) {
        return node.input(i);
      }
    }
    return null;
  }

  private static boolean isScalar(GraphEditor editor, String value, double expected) {
    FloatTensor constant = Match.floats(editor, value);
    return constant != null
        && constant.size() == 1
        && constant.rank() <= 1
        && Math.abs(constant.get(0) - expected) < TOLERANCE * expected;
  }
}
