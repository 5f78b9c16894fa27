package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.nn.LayerNormalization;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.List;

/**
 * Recognises a layer normalisation over the last axis that was exported piece by piece.
 *
 * <pre>
 * d = Sub(X, ReduceMean(X))
 * Add(Mul(Div(d, Sqrt(Add(ReduceMean(Pow(d, 2)), ε))), scale), bias)  ⇒  LayerNormalization(X, scale, bias)
 * </pre>
 *
 * The square may also be Mul(d, d). Scale and bias must be constants with one element for each of
 * the axis. Pieces that somebody else reads stay.
 */
final class FuseLayerNorm implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node) && Match.isBinary(node, "Add")) {
        fuse(editor, node);
      }
    }
  }

  private static void fuse(GraphEditor editor, Node add) {
    Node mul = operand(editor, add, "Mul");
    Node div = mul == null ? null : operand(editor, mul, "Div");
    Node centred = div == null ? null : binary(editor, div.input(0), "Sub");
    if (centred == null || !isDeviation(editor, centred)) {
      return;
    }
    String x = centred.input(0);
    FloatTensor epsilon = epsilon(editor, div.input(1), centred.output(0));
    Dim length = lastLength(editor, x);
    FloatTensor scale = vector(editor, Match.otherOperand(mul, div.output(0)), length);
    FloatTensor bias = vector(editor, Match.otherOperand(add, mul.output(0)), length);
    if (epsilon == null || scale == null || bias == null) {
      return;
    }
    List<String> inputs =
        List.of(
            x,
            editor.addConstant(add.name() + "_scale", scale),
            editor.addConstant(add.name() + "_bias", bias));
    LayerNormalization norm = new LayerNormalization(-1, epsilon.get(0), ElementType.FLOAT);
    editor.replace(add, new Node(add.name(), norm, inputs, add.outputs()));
  }

  /** Of an operation of two operands, the one that this operator makes, else null. */
  private static Node operand(GraphEditor editor, Node node, String type) {
    Node first = binary(editor, node.input(0), type);
    return first != null ? first : binary(editor, node.input(1), type);
  }

  private static Node binary(GraphEditor editor, String value, String type) {
    Node node = editor.producer(value);
    return node != null && Match.isBinary(node, type) ? node : null;
  }

  /** Whether a node is Sub(X, mean of X along the last axis). */
  private static boolean isDeviation(GraphEditor editor, Node sub) {
    return Match.isFloat(editor, sub.input(0)) && sub.input(0).equals(meanOf(editor, sub.input(1)));
  }

  /** The value whose mean along its last axis, which stays with length 1, this is, or null. */
  private static String meanOf(GraphEditor editor, String value) {
    Node node = editor.producer(value);
    if (node == null
        || !node.operator().type().equals("ReduceMean")
        || !Match.isFloat(editor, value)
        || !Match.isFloat(editor, node.input(0))) {
      return null;
    }
    Shape from = editor.info(node.input(0)).shape();
    Shape to = editor.info(value).shape();
    boolean last = from.rank() > 0 && from.rank() == to.rank();
    return last && to.equals(from.with(from.rank() - 1, Dim.ONE)) ? node.input(0) : null;
  }

  /** The ε of {@code Sqrt(Add(mean of centred², ε))}, or null where the value is another. */
  private static FloatTensor epsilon(GraphEditor editor, String value, String centred) {
    Node root = editor.producer(value);
    if (root == null || !root.operator().type().equals("Sqrt")) {
      return null;
    }
    Node add = binary(editor, root.input(0), "Add");
    if (add == null) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      FloatTensor epsilon = Match.floats(editor, add.input(1 - i));
      String squares = meanOf(editor, add.input(i));
      boolean scalar = epsilon != null && epsilon.size() == 1;
      if (scalar && squares != null && isSquare(editor, squares, centred)) {
        return epsilon;
      }
    }
    return null;
  }

  private static boolean isSquare(GraphEditor editor, String value, String of) {
    Node node = editor.producer(value);
    if (node == null || !node.input(0).equals(of)) {
      return false;
    }
    if (Match.isBinary(node, "Mul")) {
      return node.input(1).equals(of);
    }
    Tensor exponent = Match.constant(editor, node.input(1));
    boolean two = exponent != null && exponent.size() == 1 && exponent.doubleAt(0) == 2;
    return node.operator().type().equals("Pow") && two;
  }

  private static Dim lastLength(GraphEditor editor, String value) {
    Shape shape = editor.info(value).shape();
    return shape.dim(shape.rank() - 1);
  }

  /** A constant with one element for each of the last axis, as a vector, or null. */
  private static FloatTensor vector(GraphEditor editor, String value, Dim length) {
    FloatTensor constant = Match.floats(editor, value);
    boolean fits =
        constant != null
            && constant.rank() > 0
            && length.is(constant.size())
            && constant.dim(constant.rank() - 1) == constant.size();
    return fits ? Tensor.of(constant.toArray(), constant.size()) : null;
  }
}
