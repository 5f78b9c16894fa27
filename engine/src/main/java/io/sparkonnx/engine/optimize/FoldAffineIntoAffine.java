package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.nn.ChannelAffine;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/**
 * Merges constants per channel behind a ChannelAffine into it.
 *
 * <pre>
 * ChannelAffine(X, a, b) → Mul | Div | Add | Sub | ChannelAffine  ⇒  ChannelAffine(X, a·scale, b·scale + shift)
 * </pre>
 */
final class FoldAffineIntoAffine implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node)
          && node.operator() instanceof ChannelAffine affine
          && affine.activation().isNone()) {
        fold(editor, node, affine);
      }
    }
  }

  private static void fold(GraphEditor editor, Node node, ChannelAffine operator) {
    Node reader = Match.onlyReader(editor, node);
    FloatTensor scale = Match.floats(editor, node.input(1));
    FloatTensor shift = Match.floats(editor, node.input(2));
    boolean ranked = Match.isFloat(editor, node.output(0));
    boolean channels = ranked && editor.info(node.output(0)).shape().rank() >= 2;
    if (reader == null || scale == null || shift == null || !channels) {
      return;
    }
    Affine next = Affine.of(editor, reader, node.output(0), 1);
    if (next == null) {
      return;
    }
    float[] a = new float[scale.size()];
    for (int c = 0; c < a.length; c++) {
      a[c] = (float) (scale.doubleAt(c) * next.scale(c));
    }
    float[] b = next.bias(Affine.doubles(shift), a.length);
    List<String> inputs =
        List.of(
            node.input(0),
            editor.addConstant(node.name() + "_scale", Tensor.of(a, a.length)),
            editor.addConstant(node.name() + "_shift", Tensor.of(b, b.length)));
    ChannelAffine merged = operator.withActivation(next.activation());
    Match.merge(editor, node, reader, new Node(node.name(), merged, inputs, reader.outputs()));
  }
}
