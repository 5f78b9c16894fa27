package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.nn.Conv;

/**
 * Lets a convolution store only what a max pooling leaves of its result.
 *
 * <pre>
 * Conv → MaxPool[2×2, strides 2]  ⇒  PooledConv
 * </pre>
 *
 * Needs two spatial axes, a pooling without padding, dilation and indices, and a float result that
 * nobody else reads. A function before the pooling must have been fused already.
 */
final class FuseMaxPool implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node) && node.operator() instanceof Conv conv) {
        fuse(editor, node, conv);
      }
    }
  }

  private static void fuse(GraphEditor editor, Node node, Conv conv) {
    Node reader = Match.onlyReader(editor, node);
    if (reader == null || !Match.isFloat(editor, node.output(0))) {
      return;
    }
    Operator pooled = conv.pooledBy(reader.operator());
    if (pooled != null) {
      Match.merge(editor, node, reader, node.withOperator(pooled));
    }
  }
}
