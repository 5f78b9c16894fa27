package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.AbsorbableFunction;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.EndsInActivation;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Lets a product apply the element-wise function that follows it.
 *
 * <pre>
 * Conv | PooledConv | Gemm | MatMul | ChannelAffine → Relu | Clip | Sigmoid | …  ⇒  the first, ending in the second
 * </pre>
 *
 * Needs a float result that nobody else reads and a function whose parameters are constant, and
 * behind a pooling one that keeps the order of numbers.
 */
final class FuseActivation implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node)
          && node.operator() instanceof EndsInActivation operator
          && operator.activation().isNone()) {
        fuse(editor, node, operator);
      }
    }
  }

  private static void fuse(GraphEditor editor, Node node, EndsInActivation operator) {
    Node reader = Match.onlyReader(editor, node);
    if (reader == null
        || !Match.isFloat(editor, node.output(0))
        || !(reader.operator() instanceof AbsorbableFunction function)
        || !reader.input(0).equals(node.output(0))) {
      return;
    }
    List<ValueInfo> infos =
        reader.inputs().stream().map(name -> name.isEmpty() ? null : editor.info(name)).toList();
    Activation activation = function.asActivation(infos);
    if (activation != null && operator.canEndIn(activation)) {
      Match.merge(editor, node, reader, node.withOperator(operator.withActivation(activation)));
    }
  }
}
