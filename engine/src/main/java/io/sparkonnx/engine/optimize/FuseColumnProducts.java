package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.matrix.ColumnProduct;
import io.sparkonnx.engine.op.matrix.ColumnProducts;
import io.sparkonnx.engine.op.tensor.Transpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets a few columns go through a whole chain of products while they are in the cache.
 *
 * <pre>
 * x[N, K] → Transpose → ColumnProduct → ColumnProduct   ⇒   x[N, K] → ColumnProducts
 * x[K, N] → ColumnProduct → ColumnProduct               ⇒   x[K, N] → ColumnProducts
 * </pre>
 *
 * What lies between them must have no other reader. It runs after the layouts are assigned.
 */
final class FuseColumnProducts implements Rewrite {
  @Override
  public void apply(GraphEditor editor) {
    for (Node node : editor.nodes()) {
      if (editor.contains(node) && node.operator() instanceof ColumnProduct product) {
        List<List<String>> inputs = new ArrayList<>(List.of(node.inputs()));
        fuse(editor, node, new ColumnProducts(List.of(product), false), inputs);
      }
    }
    for (Node node : editor.nodes()) {
      if (editor.contains(node) && node.operator() instanceof Transpose transpose) {
        fuse(editor, node, transpose);
      }
    }
  }

  private static void fuse(
      GraphEditor editor, Node node, ColumnProducts products, List<List<String>> inputs) {
    Node last = node;
    ColumnProducts chain = products;
    List<Node> chained = new ArrayList<>();
    for (Node next = reader(editor, last); next != null; next = reader(editor, last)) {
      chain = chain.then((ColumnProduct) next.operator());
      inputs.add(next.inputs());
      chained.add(next);
      last = next;
    }
    if (chained.isEmpty()) {
      return;
    }
    chained.forEach(editor::remove);
    List<String> all = ColumnProducts.inputs(node.input(0), inputs);
    editor.replace(node, new Node(node.name(), chain, all, last.outputs()));
  }

  /** The product that alone reads a node's result as what it multiplies, or null. */
  private static Node reader(GraphEditor editor, Node node) {
    Node reader = Match.onlyReader(editor, node);
    boolean fits =
        reader != null
            && reader.operator() instanceof ColumnProduct
            && reader.input(0).equals(node.output(0));
    return fits ? reader : null;
  }

  private static void fuse(GraphEditor editor, Node node, Transpose transpose) {
    Node reader = Match.onlyReader(editor, node);
    if (reader != null
        && Match.isFloat(editor, node.input(0))
        && editor.info(node.input(0)).shape().rank() == 2
        && Arrays.equals(transpose.permutation(2), new int[] {1, 0})
        && reader.operator() instanceof ColumnProducts products
        && !products.fromRows()) {
      List<String> inputs = Match.with(reader.inputs(), 0, node.input(0));
      Node merged = new Node(reader.name(), products.ofRows(), inputs, reader.outputs());
      Match.merge(editor, node, reader, merged);
    }
  }
}
