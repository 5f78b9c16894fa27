package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.nn.Conv;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/**
 * Folds constants per output channel behind a convolution into its weights and bias.
 *
 * <pre>
 * Conv(X, W, B) → ChannelAffine(·, scale, shift)       ⇒  Conv(X, scale·W, scale·B + shift)
 * Conv(X, W, B) → Mul | Div | Add | Sub (·, constant)  ⇒  likewise
 * </pre>
 *
 * A batch normalisation is a ChannelAffine by then. Needs float weights that are constant (unless
 * the factor is one), a bias that is constant or absent, and no other reader between.
 */
final class FoldAffineIntoConv implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node) && node.operator() instanceof Conv conv) {
        fold(editor, node, conv);
      }
    }
  }

  private static void fold(GraphEditor editor, Node node, Conv conv) {
    Node reader = Match.onlyReader(editor, node);
    boolean plain = conv.activation().isNone() && Match.isFloat(editor, node.output(0));
    Affine affine = reader != null && plain ? Affine.of(editor, reader, node.output(0), 1) : null;
    FloatTensor bias = node.hasInput(2) ? Match.floats(editor, node.input(2)) : null;
    if (affine == null || (node.hasInput(2) && bias == null)) {
      return;
    }
    List<String> inputs = node.inputs();
    if (affine.scale() != null) {
      FloatTensor weights = Match.floats(editor, node.input(1));
      if (weights == null) {
        return;
      }
      Tensor scaled = scaled(weights, affine);
      inputs = Match.with(inputs, 1, editor.addConstant(node.input(1) + "_folded", scaled));
    }
    double[] old = bias == null ? null : Affine.doubles(bias);
    int channels = Math.toIntExact(editor.info(node.output(0)).shape().dim(1).value());
    Tensor folded = Tensor.of(affine.bias(old, channels), channels);
    inputs = Match.with(inputs, 2, editor.addConstant(node.name() + "_bias", folded));
    Node merged =
        new Node(node.name(), conv.withActivation(affine.activation()), inputs, reader.outputs());
    Match.merge(editor, node, reader, merged);
  }

  private static Tensor scaled(FloatTensor weights, Affine affine) {
    float[] values = weights.toArray();
    int perOutput = weights.dim(0) == 0 ? 0 : values.length / weights.dim(0);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * affine.scale(i / perOutput));
    }
    return Tensor.of(values, weights.dims());
  }
}
