package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.op.AbsorbableFunction;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.math.MathOperators;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Collections;
import java.util.List;

/**
 * Recognises a Swish or HardSwish that was exported as a product.
 *
 * <pre>
 * Mul(X, Sigmoid(X))                     ⇒  Swish(X)
 * Mul(X, HardSigmoid[1/6, 0.5](X))       ⇒  HardSwish(X)
 * </pre>
 *
 * Needs a float X; the factor that somebody else reads stays.
 */
final class FuseSwish implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      for (int factor = 0; factor < 2 && Match.isBinary(node, "Mul"); factor++) {
        if (editor.contains(node)) {
          fuse(editor, node, factor);
        }
      }
    }
  }

  private static void fuse(GraphEditor editor, Node node, int factor) {
    String x = node.input(1 - factor);
    Node gate = editor.producer(node.input(factor));
    if (gate == null || !gate.input(0).equals(x) || !Match.isFloat(editor, x)) {
      return;
    }
    Operator whole = gated(gate);
    if (whole != null) {
      editor.replace(node, new Node(node.name(), whole, List.of(x), node.outputs()));
    }
  }

  private static Operator gated(Node gate) {
    if (!(gate.operator() instanceof AbsorbableFunction function)) {
      return null;
    }
    List<ValueInfo> unknown = Collections.nCopies(gate.inputs().size(), null);
    Activation activation = function.asActivation(unknown);
    if (activation == null) {
      return null;
    }
    if (activation.function() == UnaryFunction.SIGMOID) {
      return MathOperators.swish();
    }
    boolean sixth = Math.abs(activation.alpha() - 1f / 6) < 1e-6;
    boolean hard = activation.function() == UnaryFunction.HARD_SIGMOID;
    return hard && sixth && activation.beta() == 0.5f ? MathOperators.hardSwish() : null;
  }
}
