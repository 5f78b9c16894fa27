package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.graph.BatchInference;
import io.sparkonnx.engine.graph.BatchWalk;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Inference;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.tensor.Concat;
import io.sparkonnx.engine.op.tensor.RepeatRows;
import io.sparkonnx.engine.op.tensor.Reshape;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets a model take any number of rows whose file fixes the batch at 1.
 *
 * <pre>
 * x[1, 3, 8] → Reshape([1, 24]) → Gemm → y[1, 5]
 *   ⇒  x[batch, 3, 8] → Reshape([−1, 24]) → Gemm → y[batch, 5]
 *
 * Concat(c[1, 1, 8], x[1, 3, 8])  ⇒  Concat(RepeatRows(c, x), x[batch, 3, 8])
 * </pre>
 *
 * What is put in a node's place does the same for one row, so with one row the new graph is the old
 * one. Whether a 1 in the file means the batch is never known, and need not be: the new graph
 * counts only if {@link BatchInference} proves its rows independent and finds them at axis 0 of
 * every output, and then each row gets what the old graph gives it alone.
 */
public final class FreeBatch {
  private final Graph graph;
  private final Batching found;
  private final Map<String, ValueInfo> fixed;
  private final Graph opened;
  private final String symbol;
  private final BatchWalk walk;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /**
   * A graph and what is proven of its batch.
   *
   * @param graph the freed graph, or the given one
   * @param batching of that graph; for a fixed one the reason says what prevents more
   */
  public record Freed(Graph graph, Batching batching) {}

  private FreeBatch(Graph graph, Batching found) {
    this.graph = graph;
    this.found = found;
    this.fixed = Inference.of(graph);
    this.symbol = graph.freshSymbol("batch");
    this.opened = opened(graph, Dim.symbol(symbol));
    Map<String, Integer> axes = new HashMap<>();
    for (GraphInput input : graph.inputs()) {
      if (!input.optional()) {
        axes.put(input.name(), 0);
      }
    }
    this.walk = new BatchWalk(opened, symbol, axes);
    names.addAll(fixed.keySet());
    graph.nodes().forEach(node -> names.add(node.name()));
  }

  /**
   * Frees the batch where every input has a leading 1 and the proof succeeds.
   *
   * @param found what {@link BatchInference} found for the graph as it is
   */
  public static Freed of(Graph graph, Batching found) {
    return BatchInference.takesOneRow(graph)
        ? new FreeBatch(graph, found).free()
        : new Freed(graph, found);
  }

  private static Graph opened(Graph graph, Dim batch) {
    List<GraphInput> inputs = new ArrayList<>();
    for (GraphInput input : graph.inputs()) {
      if (input.optional()) {
        inputs.add(input);
      } else {
        TensorType type = (TensorType) input.type();
        TensorType open = new TensorType(type.element(), type.shape().with(0, batch));
        inputs.add(new GraphInput(input.name(), open, false));
      }
    }
    return new Graph(graph.name(), inputs, graph.outputs(), graph.nodes(), graph.constants());
  }

  private Freed free() {
    try {
      for (Node node : graph.nodes()) {
        follow(node);
      }
      Graph freed =
          new Graph(graph.name(), opened.inputs(), graph.outputs(), nodes, graph.constants());
      return proven(freed, BatchInference.of(freed));
    } catch (OnnxException e) {
      return refused(e.getMessage());
    }
  }

  private Freed proven(Graph freed, Batching proven) {
    if (!proven.rowsAreIndependent()) {
      return refused(proven.reason());
    }
    if (!symbol.equals(proven.symbol())) {
      return refused("the rows of the model lie along " + proven.symbol());
    }
    for (GraphOutput output : graph.outputs()) {
      String problem = problem(output.name(), proven.outputAxes().get(output.name()));
      if (problem != null) {
        return refused("output '" + output.name() + "' " + problem);
      }
    }
    return new Freed(
        freed,
        new Batching(
            proven.kind(),
            proven.symbol(),
            proven.inputAxes(),
            proven.outputAxes(),
            "the file fixes the batch at 1, which nothing in it needs"));
  }

  private Freed refused(String reason) {
    if (found.rowsAreIndependent()) {
      return new Freed(graph, found);
    }
    return new Freed(
        graph,
        new Batching(
            Batching.Kind.FIXED,
            null,
            Map.of(),
            Map.of(),
            "the file fixes the batch at 1, and more rows would not go through it: " + reason));
  }

  /** Why an output does not give each row its own value, or null. */
  private String problem(String output, Integer axis) {
    if (axis == null) {
      return "is the same for all rows";
    }
    if (axis != 0) {
      return "has its rows along axis " + axis;
    }
    ValueInfo info = walk.info(output);
    if (info.isTensor() && !info.shape().hasRank()) {
      return "has an unknown rank";
    }
    boolean onePerRow = !info.isTensor() || info.shape().dim(0).equals(Dim.symbol(symbol));
    return onePerRow ? null : "has " + info.shape().dim(0) + " rows";
  }

  private void follow(Node node) {
    Node freed = node;
    if (node.operator() instanceof Reshape) {
      freed = reshaped(node);
    } else if (node.operator() instanceof Concat) {
      freed = joined(node);
    }
    add(freed);
  }

  private void add(Node node) {
    walk.follow(node);
    nodes.add(node);
  }

  /**
   * A reshape that the file's sizes tie to one row, with the axis that starts the row left open.
   */
  private Node reshaped(Node node) {
    BatchAxis axis = walk.axis(node.input(0));
    Shape to = fixed.get(node.output(0)).shape();
    if (!axis.isRows() || !walk.axis(node.input(1)).isShared() || !to.hasRank()) {
      return node;
    }
    Dim before = walk.info(node.input(0)).shape().product(0, axis.axis());
    long[] sizes = new long[to.rank()];
    int open = -1;
    for (int i = 0; i < sizes.length; i++) {
      if (open < 0 && to.product(0, i).equals(before)) {
        open = i;
        sizes[i] = -1;
      } else if (to.dim(i).isConstant() && !to.dim(i).is(0)) {
        sizes[i] = to.dim(i).value();
      } else {
        return node;
      }
    }
    return open < 0
        ? node
        : new Node(node.name(), Reshape.to(sizes), List.of(node.input(0)), List.of(node.output(0)));
  }

  /** A concatenation whose inputs all have the rows, those that are the same for all by copies. */
  private Node joined(Node node) {
    String rows =
        node.inputs().stream().filter(input -> walk.axis(input).isRows()).findFirst().orElse(null);
    if (rows == null) {
      return node;
    }
    int axis = walk.axis(rows).axis();
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      inputs.add(isOneLong(input, axis) ? repeated(input, rows, axis) : input);
    }
    return node.withInputs(inputs);
  }

  private boolean isOneLong(String value, int axis) {
    Shape shape = walk.info(value).shape();
    return walk.axis(value).isShared()
        && shape.hasRank()
        && axis < shape.rank()
        && shape.dim(axis).is(1);
  }

  private String repeated(String value, String rows, int axis) {
    String name = fresh(value + "_rows");
    add(new Node(name, new RepeatRows(axis), List.of(value, rows), List.of(name)));
    return name;
  }

  private String fresh(String hint) {
    String name = hint;
    for (int i = 1; !names.add(name); i++) {
      name = hint + "_" + i;
    }
    return name;
  }
}
