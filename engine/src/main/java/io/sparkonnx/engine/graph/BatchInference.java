package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Proves, node by node, that rows do not influence each other, and finds where they lie in each
 * value.
 *
 * <p>The hypothesis is that one symbol counts the rows: first the leading dimension of every
 * required input, then any symbol that all of them share. Under it, shapes are inferred anew and
 * each operator's batch rule is applied in order.
 */
public final class BatchInference {
  private static final String ROWS = "rows";

  private final Graph graph;
  private final Map<String, ValueInfo> infos;
  private final Map<String, BatchAxis> axes = new HashMap<>();

  private BatchInference(Graph graph) {
    this.graph = graph;
    this.infos = Inference.of(graph);
  }

  public static Batching of(Graph graph) {
    List<GraphInput> required = graph.inputs().stream().filter(i -> !i.optional()).toList();
    if (required.stream().allMatch(input -> isFixed(input.type()))) {
      return new Batching(
          Batching.Kind.FIXED, null, Map.of(), Map.of(), "every input has a fixed shape");
    }
    Batching first = null;
    for (Map<String, Integer> candidate : candidates(required)) {
      Batching result = test(graph, candidate);
      if (result.rowsAreIndependent()) {
        return result;
      }
      first = first == null ? result : first;
    }
    return first != null
        ? first
        : coupled("no symbolic dimension could count the rows of all inputs");
  }

  private static Batching coupled(String reason) {
    return new Batching(Batching.Kind.COUPLED, null, Map.of(), Map.of(), reason);
  }

  private static boolean isFixed(ValueType type) {
    return type instanceof TensorType tensor && tensor.shape().isConstant();
  }

  /** Axes of the required inputs that may be the batch, most likely first. */
  private static List<Map<String, Integer>> candidates(List<GraphInput> inputs) {
    List<Map<String, Integer>> candidates = new ArrayList<>();
    Map<String, Integer> leading = new LinkedHashMap<>();
    Set<String> shared = null;
    for (GraphInput input : inputs) {
      if (!(input.type() instanceof TensorType tensor) || !tensor.shape().hasRank()) {
        return List.of();
      }
      Set<String> symbols = new LinkedHashSet<>();
      List<Dim> dims = tensor.shape().dims();
      dims.stream().map(Dim::symbolName).filter(name -> name != null).forEach(symbols::add);
      if (!dims.isEmpty() && dims.get(0).symbolName() != null) {
        leading.put(input.name(), 0);
      }
      if (!isFixed(input.type())) {
        if (shared == null) {
          shared = symbols;
        } else {
          shared.retainAll(symbols);
        }
      }
    }
    if (!leading.isEmpty()) {
      candidates.add(leading);
    }
    for (String symbol : shared == null ? Set.<String>of() : shared) {
      Map<String, Integer> at = new LinkedHashMap<>();
      for (GraphInput input : inputs) {
        int axis = ((TensorType) input.type()).shape().dims().indexOf(Dim.symbol(symbol));
        if (axis >= 0) {
          at.put(input.name(), axis);
        }
      }
      if (!at.equals(leading)) {
        candidates.add(at);
      }
    }
    return candidates;
  }

  private static Batching test(Graph graph, Map<String, Integer> inputAxes) {
    Set<String> counted = new LinkedHashSet<>();
    for (GraphInput input : graph.inputs()) {
      Integer axis = inputAxes.get(input.name());
      if (axis != null) {
        counted.add(((TensorType) input.type()).shape().dim(axis).symbolName());
      }
    }
    List<GraphInput> inputs = new ArrayList<>();
    for (GraphInput input : graph.inputs()) {
      inputs.add(new GraphInput(input.name(), renamed(input.type(), counted), input.optional()));
    }
    Graph renamed =
        new Graph(graph.name(), inputs, graph.outputs(), graph.nodes(), graph.constants());
    return new BatchInference(renamed).run(inputAxes, counted.iterator().next());
  }

  private static ValueType renamed(ValueType type, Set<String> counted) {
    if (!(type instanceof TensorType tensor)) {
      return type;
    }
    Shape shape =
        tensor
            .shape()
            .substitute(dim -> counted.contains(dim.symbolName()) ? Dim.symbol(ROWS) : dim);
    return new TensorType(tensor.element(), shape);
  }

  private Batching run(Map<String, Integer> inputAxes, String symbol) {
    inputAxes.forEach((name, axis) -> axes.put(name, BatchAxis.rows(axis)));
    for (Node node : graph.nodes()) {
      follow(node);
    }
    Map<String, Integer> outputAxes = new LinkedHashMap<>();
    for (GraphOutput output : graph.outputs()) {
      BatchAxis axis = axisOf(output.name());
      switch (axis.kind()) {
        case ROWS -> outputAxes.put(output.name(), axis.axis());
        case COUPLED -> {
          return coupled(axis.reason());
        }
        case SIZE -> {
          return coupled("output '" + output.name() + "' is a function of the number of rows");
        }
        case SHARED -> {}
      }
    }
    return new Batching(Batching.Kind.ROWS, symbol, inputAxes, outputAxes, null);
  }

  private BatchAxis axisOf(String value) {
    return axes.getOrDefault(value, BatchAxis.SHARED);
  }

  private void follow(Node node) {
    List<BatchAxis> in = new ArrayList<>();
    List<ValueInfo> known = new ArrayList<>();
    BatchAxis coupled = null;
    boolean shared = true;
    for (String input : node.inputs()) {
      BatchAxis axis = input.isEmpty() ? BatchAxis.SHARED : axisOf(input);
      in.add(axis);
      known.add(input.isEmpty() ? null : infos.get(input));
      shared &= axis.isShared();
      coupled = axis.kind() == BatchAxis.Kind.COUPLED && coupled == null ? axis : coupled;
    }
    if (shared) {
      return;
    }
    List<ValueInfo> outputs = new ArrayList<>();
    node.outputs().forEach(name -> outputs.add(name.isEmpty() ? null : infos.get(name)));
    BatchContext context = new BatchContext(node.label(), ROWS, in, known, outputs);
    List<BatchAxis> result =
        coupled != null ? context.all(coupled) : node.operator().batch(context);
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.output(i).isEmpty()) {
        axes.put(node.output(i), settled(result.get(i), outputs.get(i)));
      }
    }
  }

  /** What the known contents of a small integer tensor say about a value made from sizes. */
  private static BatchAxis settled(BatchAxis axis, ValueInfo info) {
    if (info == null || info.contents() == null) {
      return axis;
    }
    boolean counts =
        info.contents().stream()
            .anyMatch(dim -> BatchContext.nonEmpty(dim, ROWS).symbols().contains(ROWS));
    return counts ? BatchAxis.SIZE : BatchAxis.SHARED;
  }
}
