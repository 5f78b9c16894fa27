package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.opencl.AttentionKernels;
import io.sparkonnx.engine.op.FloatFold;
import io.sparkonnx.engine.op.matrix.FusedAttention;
import io.sparkonnx.engine.op.matrix.FusedAttention.Stage;
import io.sparkonnx.engine.op.matrix.MatMul;
import io.sparkonnx.engine.op.reduce.Normalized;
import io.sparkonnx.engine.op.tensor.Where;
import io.sparkonnx.engine.type.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes attention in one step, so that a device's memory never holds its scores.
 *
 * <pre>
 * MatMul(Q, Kᵀ) → Div(·, c) → Add(·, mask) → Softmax → MatMul(·, V)  ⇒  FusedAttention(Q, Kᵀ, V, c, mask)
 * </pre>
 *
 * There may be up to {@link AttentionKernels#STAGES} element-wise functions before the softmax,
 * whose other operand is broadcast to the scores, and one of them may be a Where. Nobody else may
 * read what lies between.
 */
final class FuseAttention implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node) && node.operator() instanceof Normalized softmax) {
        Shape shape = editor.info(node.output(0)).shape();
        if (Match.isFloat(editor, node.output(0)) && softmax.isSoftmaxOfRows(shape.rank())) {
          fuse(editor, node);
        }
      }
    }
  }

  /** The scores' product and what follows it. */
  private static final class Scores {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Stage> stages = new ArrayList<>();
    private final List<String> operands = new ArrayList<>();
    private String test;

    private void add(Node node, Stage stage, String operand) {
      nodes.add(node);
      stages.add(stage);
      operands.add(operand);
    }
  }

  private static void fuse(GraphEditor editor, Node softmax) {
    Node last = Match.onlyReader(editor, softmax);
    if (last == null || !isProduct(editor, last) || !last.input(0).equals(softmax.output(0))) {
      return;
    }
    Scores scores = scores(editor, softmax.input(0), 0);
    if (scores == null || last.input(1).equals(softmax.output(0))) {
      return;
    }
    Node first = scores.nodes.get(0);
    List<String> inputs = new ArrayList<>(List.of(first.input(0), first.input(1), last.input(1)));
    if (!haveEqualLayers(editor, inputs)) {
      return;
    }
    inputs.addAll(scores.operands);
    if (scores.test != null) {
      inputs.add(scores.test);
    }
    scores.nodes.forEach(editor::remove);
    editor.remove(softmax);
    FusedAttention attention = new FusedAttention(scores.stages);
    editor.replace(last, new Node(last.name(), attention, inputs, last.outputs()));
  }

  private static boolean isProduct(GraphEditor editor, Node node) {
    return node.operator() instanceof MatMul product
        && product.activation().isNone()
        && node.inputs().size() == 2
        && Match.isFloat(editor, node.input(0))
        && Match.isFloat(editor, node.input(1));
  }

  /** What leads to a value that is read once, or null where it is no attention's scores. */
  private static Scores scores(GraphEditor editor, String value, int behind) {
    Node node = editor.producer(value);
    if (node == null || !editor.isUsedOnce(value) || node.outputs().size() != 1) {
      return null;
    }
    if (isProduct(editor, node)) {
      Scores scores = new Scores();
      scores.nodes.add(node);
      return scores;
    }
    if (behind == AttentionKernels.STAGES) {
      return null;
    }
    if (node.operator() instanceof Where) {
      return chosen(editor, node, behind);
    }
    boolean fold =
        node.operator() instanceof FloatFold f && f.foldedBy() != null && node.inputs().size() == 2;
    return fold ? folded(editor, node, behind) : null;
  }

  private static Scores folded(GraphEditor editor, Node node, int behind) {
    for (int side = 0; side < 2; side++) {
      String operand = node.input(1 - side);
      Scores scores = before(editor, node, node.input(side), operand, behind);
      if (scores != null) {
        BinaryFunction f = ((FloatFold) node.operator()).foldedBy();
        scores.add(node, new Stage(f, side == 1), operand);
        return scores;
      }
    }
    return null;
  }

  private static Scores chosen(GraphEditor editor, Node node, int behind) {
    for (int side = 0; side < 2; side++) {
      String operand = node.input(2 - side);
      Scores scores = before(editor, node, node.input(1 + side), operand, behind);
      if (scores != null && scores.test == null && isTest(editor, node)) {
        scores.add(node, new Stage(null, side == 1), operand);
        scores.test = node.input(0);
        return scores;
      }
    }
    return null;
  }

  private static boolean isTest(GraphEditor editor, Node where) {
    Shape test = shape(editor, where.input(0));
    return test.hasRank() && test.rank() <= shape(editor, where.output(0)).rank();
  }

  /** What leads to a function's input, if the function leaves the scores' shape as it is. */
  private static Scores before(
      GraphEditor editor, Node node, String input, String operand, int behind) {
    return fits(editor, input, operand, node.output(0)) ? scores(editor, input, behind + 1) : null;
  }

  /** Whether a function leaves the scores' shape as it is. */
  private static boolean fits(GraphEditor editor, String scores, String operand, String result) {
    return !scores.equals(operand)
        && Match.isFloat(editor, scores)
        && Match.isFloat(editor, operand)
        && shape(editor, operand).rank() <= shape(editor, result).rank()
        && shape(editor, scores).equals(shape(editor, result));
  }

  /** Whether the factors' leading axes are equal. */
  private static boolean haveEqualLayers(GraphEditor editor, List<String> factors) {
    Shape q = shape(editor, factors.get(0));
    if (q.rank() < 2 || q.rank() > FusedAttention.MAX_RANK) {
      return false;
    }
    for (String factor : factors) {
      Shape shape = shape(editor, factor);
      if (shape.rank() != q.rank()
          || !shape.dims().subList(0, q.rank() - 2).equals(q.dims().subList(0, q.rank() - 2))) {
        return false;
      }
    }
    return true;
  }

  private static Shape shape(GraphEditor editor, String value) {
    return editor.info(value).shape();
  }
}
