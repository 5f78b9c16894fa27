package io.sparkonnx.engine.graph;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
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
  private BatchInference() {}

  public static Batching of(Graph graph) {
    List<GraphInput> required = graph.inputs().stream().filter(i -> !i.optional()).toList();
    if (required.stream().allMatch(input -> isFixed(input.type()))) {
      return fixed("every input has a fixed shape");
    }
    Batching first = null;
    for (Map<String, Integer> candidate : candidates(required)) {
      Batching result = test(graph, candidate);
      if (result.rowsAreIndependent()) {
        return result;
      }
      first = first == null ? result : first;
    }
    if (takesOneRow(graph)) {
      return fixed("every input has a leading dimension of 1");
    }
    return first != null
        ? first
        : coupled("no symbolic dimension could count the rows of all inputs");
  }

  /** Whether each input that a run must give has a leading dimension of 1, and there is one. */
  public static boolean takesOneRow(Graph graph) {
    List<GraphInput> required = graph.inputs().stream().filter(i -> !i.optional()).toList();
    return !required.isEmpty() && required.stream().allMatch(input -> isOneRow(input.type()));
  }

  private static boolean isOneRow(ValueType type) {
    return type instanceof TensorType tensor
        && tensor.shape().hasRank()
        && tensor.shape().rank() > 0
        && tensor.shape().dim(0).is(1);
  }

  private static Batching fixed(String reason) {
    return new Batching(Batching.Kind.FIXED, null, Map.of(), Map.of(), reason);
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
    String rows = graph.freshSymbol("rows");
    List<GraphInput> inputs = new ArrayList<>();
    for (GraphInput input : graph.inputs()) {
      ValueType type = renamed(input.type(), counted, Dim.symbol(rows));
      inputs.add(new GraphInput(input.name(), type, input.optional()));
    }
    Graph renamed =
        new Graph(graph.name(), inputs, graph.outputs(), graph.nodes(), graph.constants());
    BatchWalk walk = new BatchWalk(renamed, rows, inputAxes);
    graph.nodes().forEach(walk::follow);
    return result(graph, walk, inputAxes, counted.iterator().next());
  }

  private static ValueType renamed(ValueType type, Set<String> counted, Dim rows) {
    if (!(type instanceof TensorType tensor)) {
      return type;
    }
    Shape shape = tensor.shape().substitute(dim -> counted.contains(dim.symbolName()) ? rows : dim);
    return new TensorType(tensor.element(), shape);
  }

  private static Batching result(
      Graph graph, BatchWalk walk, Map<String, Integer> inputAxes, String symbol) {
    Map<String, Integer> outputAxes = new LinkedHashMap<>();
    for (GraphOutput output : graph.outputs()) {
      BatchAxis axis = walk.axis(output.name());
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
}
