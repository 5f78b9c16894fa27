package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.tensor.Identity;
import io.sparkonnx.engine.op.tensor.TrainableDropout;
import io.sparkonnx.engine.op.tensor.Transpose;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Removes nodes that give their input back.
 *
 * <pre>
 * X → Identity | Dropout | Cast to its own type | Reshape to its own shape | … → Y  ⇒  X → Y
 * </pre>
 *
 * Where the node defines an output of the graph, the value takes the output's name; a node between
 * an input and an output of the graph stays.
 */
final class RemoveIdentities implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node) && isIdentity(editor, node)) {
        remove(editor, node);
      }
    }
  }

  private static boolean isIdentity(GraphEditor editor, Node node) {
    for (int i = 1; i < node.outputs().size(); i++) {
      String extra = node.output(i);
      if (editor.isOutput(extra) || !editor.consumers(extra).isEmpty()) {
        return false;
      }
    }
    if (!node.hasInput(0)) {
      return false;
    }
    if (node.operator() instanceof Identity) {
      return true;
    }
    if (node.operator() instanceof TrainableDropout) {
      Tensor training = Match.constant(editor, node.input(2));
      return !node.hasInput(2) || (training != null && TrainableDropout.isIdentity(training));
    }
    ValueInfo from = editor.info(node.input(0));
    ValueInfo to = editor.info(node.output(0));
    return from != null
        && to != null
        && from.isTensor()
        && to.isTensor()
        && from.shape().hasRank()
        && from.type().equals(to.type())
        && keepsElements(editor, node, from);
  }

  /** Whether the node, whose input and output have the same type and shape, changes no element. */
  private static boolean keepsElements(GraphEditor editor, Node node, ValueInfo from) {
    if (node.operator().viewOf(0) == 0) {
      return true;
    }
    if (node.operator() instanceof Transpose transpose) {
      int[] same = IntStream.range(0, from.shape().rank()).toArray();
      return Arrays.equals(transpose.permutation(same.length), same);
    }
    return switch (node.operator().type()) {
      case "Cast", "CastLike", "Expand", "Tile" -> true;
      case "Concat", "Sum", "Max", "Min", "Mean" -> node.inputs().size() == 1;
      case "Pad" -> isZero(editor.info(node.input(1)));
      default -> false;
    };
  }

  private static boolean isZero(ValueInfo pads) {
    long[] lengths = pads == null ? null : pads.constantContents();
    return lengths != null && Arrays.stream(lengths).allMatch(length -> length == 0);
  }

  private static void remove(GraphEditor editor, Node node) {
    String from = node.input(0);
    String to = node.output(0);
    if (!editor.isOutput(to)) {
      editor.remove(node);
      editor.redirect(to, from);
      return;
    }
    Node producer = editor.producer(from);
    Tensor constant = Match.constant(editor, from);
    if (producer != null && !editor.isOutput(from)) {
      editor.remove(node);
      editor.replace(
          producer,
          new Node(
              producer.name(),
              producer.operator(),
              producer.inputs(),
              producer.outputs().stream().map(name -> name.equals(from) ? to : name).toList()));
      editor.redirect(from, to);
    } else if (constant != null) {
      editor.remove(node);
      editor.defineConstant(to, constant);
    }
  }
}
