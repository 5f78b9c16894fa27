package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.matrix.ColumnProduct;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds products that run faster by columns. A product of row-major features interleaves them
 * first, a product by columns takes them as they are: a chain of products turns its first input and
 * its last result round, and saves the interleaving in between.
 */
final class ColumnChains {
  private final Map<String, ValueInfo> infos;
  private final Map<String, List<Node>> readers = new HashMap<>();

  ColumnChains(Graph graph, Map<String, ValueInfo> infos) {
    this.infos = infos;
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
      }
    }
    for (GraphOutput output : graph.outputs()) {
      readers.computeIfAbsent(output.name(), name -> new ArrayList<>()).add(null);
    }
  }

  /** What is known of a node's inputs; null for one that it leaves out. */
  List<ValueInfo> known(Node node) {
    List<ValueInfo> known = new ArrayList<>();
    node.inputs().forEach(name -> known.add(name.isEmpty() ? null : infos.get(name)));
    return known;
  }

  /** Whether the node is a product of a row-major matrix that starts a chain which pays. */
  boolean startsAt(Node node) {
    ValueInfo x = infos.get(node.input(0));
    return x != null
        && x.constant() == null
        && x.type() instanceof TensorType tensor
        && tensor.element() == ElementType.FLOAT
        && tensor.shape().hasRank()
        && tensor.shape().rank() == 2
        && !tensor.shape().dim(0).isConstant()
        && isProduct(variant(node))
        && pays(node, 0);
  }

  /** Whether a node whose input comes by columns should go on by columns. */
  boolean goesOnAt(Node node, LayoutVariant variant) {
    return !isProduct(variant) || pays(node, features(node.input(0)));
  }

  private static boolean isProduct(LayoutVariant variant) {
    return variant != null && variant.operator() instanceof ColumnProduct;
  }

  private LayoutVariant variant(Node node) {
    return node.operator().inLayout(Layout.FEATURE_MAJOR, known(node));
  }

  /**
   * @param saved elements of a row that the product itself need not interleave
   */
  private boolean pays(Node product, long saved) {
    String last = product.output(0);
    for (Node next = onlyReader(last); next != null; next = onlyReader(last)) {
      LayoutVariant variant = next.input(0).equals(last) ? variant(next) : null;
      boolean goesOn =
          isProduct(variant)
              || (next.inputs().size() == 1 && variant != null && isByColumns(variant));
      if (!goesOn) {
        break;
      }
      saved += isProduct(variant) ? features(last) : 0;
      last = next.output(0);
    }
    long turned = features(last);
    return saved > (turned == 1 ? 0 : turned);
  }

  private static boolean isByColumns(LayoutVariant variant) {
    return variant.output() == Layout.FEATURE_MAJOR;
  }

  /** The only node that reads a value, or null. */
  private Node onlyReader(String value) {
    List<Node> all = readers.getOrDefault(value, List.of());
    return all.size() == 1 ? all.get(0) : null;
  }

  /** Elements of a matrix's row; 0 where that is not known. */
  private long features(String value) {
    Shape shape = infos.get(value).shape();
    Dim features = shape.hasRank() && shape.rank() == 2 ? shape.dim(1) : Dim.ZERO;
    return features.isConstant() ? features.value() : 0;
  }
}
