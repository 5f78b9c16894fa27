package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.nn.BatchNormalization;
import io.sparkonnx.engine.op.nn.ChannelAffine;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/**
 * Computes the four statistics of a batch normalisation into a factor and a summand.
 *
 * <pre>
 * BatchNormalization(X, scale, B, mean, var)  ⇒  ChannelAffine(X, scale/√(var + ε), B − mean·scale/√(var + ε))
 * </pre>
 *
 * Needs a float X of at least two axes and constant statistics, one per channel.
 */
final class FoldBatchNormToAffine implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (node.operator() instanceof BatchNormalization operator && !operator.perFeature()) {
        fold(editor, node, operator);
      }
    }
  }

  private static void fold(GraphEditor editor, Node node, BatchNormalization operator) {
    Tensor[] statistics = new Tensor[5];
    for (int input = 1; input <= 4; input++) {
      statistics[input] = Match.floats(editor, node.input(input));
      if (statistics[input] == null) {
        return;
      }
    }
    boolean ranked = Match.isFloat(editor, node.input(0));
    if (!ranked || editor.info(node.input(0)).shape().rank() < 2) {
      return;
    }
    BatchNormalization.Affine affine =
        operator.affine(statistics[1], statistics[2], statistics[3], statistics[4]);
    int channels = affine.scale().length;
    Tensor scale = Tensor.of(affine.scale(), channels);
    Tensor shift = Tensor.of(affine.shift(), channels);
    List<String> inputs =
        List.of(
            node.input(0),
            editor.addConstant(node.name() + "_scale", scale),
            editor.addConstant(node.name() + "_shift", shift));
    editor.replace(
        node, new Node(node.name(), new ChannelAffine(Activation.NONE), inputs, node.outputs()));
  }
}
