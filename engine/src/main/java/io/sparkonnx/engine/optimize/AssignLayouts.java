package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Inference;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.tensor.Transpose;
import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Layout;
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
 * Lets matrices that come by columns, and those that {@link ColumnChains} finds worth turning, stay
 * by columns as far as operators take them so ({@link io.sparkonnx.engine.op.Operator#inLayout}),
 * and turns them round where one does not.
 *
 * <pre>
 * x[N, F] → Scaler → s → Normalizer → y   ⇒   x[F, N] → Scaler → s' → Transpose → s → Normalizer → y
 * </pre>
 */
public final class AssignLayouts {
  private final Graph graph;
  private final boolean turnsRows;
  private final Map<String, ValueInfo> infos;
  private final ColumnChains chains;
  private final Map<String, Tensor> constants;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** Values that exist by columns, under the names of these forms. */
  private final Map<String, String> byColumns = new HashMap<>();

  /** Values of which the row-major form does not exist yet, with the name it is to have. */
  private final Map<String, String> owed = new HashMap<>();

  /** Row-major forms that have another name than the value. */
  private final Map<String, String> renamed = new HashMap<>();

  private AssignLayouts(Graph graph, boolean turnsRows) {
    this.graph = graph;
    this.turnsRows = turnsRows;
    this.infos = Inference.of(graph);
    this.chains = new ColumnChains(graph, infos);
    this.constants = new HashMap<>(graph.constants());
    names.addAll(infos.keySet());
    graph.nodes().forEach(node -> names.add(node.name()));
  }

  /**
   * The graph with these inputs by columns: [F, N] in place of [N, F].
   *
   * @param inputs names of inputs that are matrices and no outputs
   * @param turnsRows whether row-major matrices are turned round where that pays
   */
  public static Graph byColumns(Graph graph, Set<String> inputs, boolean turnsRows) {
    return inputs.isEmpty() && !turnsRows
        ? graph
        : new AssignLayouts(graph, turnsRows).assign(inputs);
  }

  /** Whether an input can come by columns: a matrix of anything but strings and complex numbers. */
  public static boolean canBeByColumns(GraphInput input) {
    return input.type() instanceof TensorType tensor
        && tensor.shape().hasRank()
        && tensor.shape().rank() == 2
        && tensor.element().storage() != Storage.STRING
        && tensor.element().width() == 1;
  }

  private Graph assign(Set<String> turned) {
    List<GraphInput> inputs = new ArrayList<>();
    for (GraphInput input : graph.inputs()) {
      inputs.add(turned.contains(input.name()) ? turned(input) : input);
    }
    graph.nodes().forEach(this::assign);
    for (GraphOutput output : graph.outputs()) {
      rowMajor(output.name());
    }
    return new Graph(graph.name(), inputs, graph.outputs(), nodes, constants);
  }

  private GraphInput turned(GraphInput input) {
    TensorType type = (TensorType) input.type();
    Shape shape = Shape.of(type.shape().dim(1), type.shape().dim(0));
    byColumns.put(input.name(), input.name());
    owed.put(input.name(), fresh(input.name() + "_by_rows"));
    return new GraphInput(input.name(), new TensorType(type.element(), shape), input.optional());
  }

  private void assign(Node node) {
    boolean comes = byColumns.containsKey(node.input(0)) || byColumns.containsKey(node.input(1));
    if (!comes && turnsRows && chains.startsAt(node)) {
      turn(node.input(0));
      comes = true;
    }
    LayoutVariant variant =
        comes ? node.operator().inLayout(Layout.FEATURE_MAJOR, chains.known(node)) : null;
    if (variant == null || !chains.goesOnAt(node, variant) || !canBeGiven(node, variant)) {
      nodes.add(node.withInputs(node.inputs().stream().map(this::rowMajor).toList()));
      return;
    }
    List<String> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      boolean turned = variant.inputs().get(i) == Layout.FEATURE_MAJOR;
      inputs.add(turned ? featureMajor(node.input(i)) : rowMajor(node.input(i)));
    }
    List<String> outputs = new ArrayList<>(node.outputs());
    if (variant.output() == Layout.FEATURE_MAJOR) {
      String name = node.output(0);
      outputs.set(0, fresh(name + "_by_columns"));
      byColumns.put(name, outputs.get(0));
      owed.put(name, name);
    }
    nodes.add(new Node(node.name(), variant.operator(), inputs, outputs));
  }

  /** Makes the form by columns of a value that is there by rows. */
  private void turn(String value) {
    String name = fresh(value + "_by_columns");
    nodes.add(new Node(name, Transpose.by(1, 0), List.of(rowMajor(value)), List.of(name)));
    byColumns.put(value, name);
  }

  /** Whether nothing has to be turned round for the variant but constants. */
  private boolean canBeGiven(Node node, LayoutVariant variant) {
    for (int i = 0; i < node.inputs().size(); i++) {
      String input = node.input(i);
      boolean wanted = variant.inputs().get(i) == Layout.FEATURE_MAJOR;
      if (wanted && !byColumns.containsKey(input) && !isVector(input)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a value is a constant with one element per feature, the same for all rows. */
  private boolean isVector(String value) {
    ValueInfo info = infos.get(value);
    Tensor constant = info == null ? null : info.constant();
    return constant != null
        && (constant.rank() == 1 || (constant.rank() == 2 && constant.dim(0) == 1));
  }

  private String featureMajor(String value) {
    return byColumns.computeIfAbsent(
        value,
        vector -> {
          Tensor constant = constants.get(vector);
          String name = fresh(vector + "_by_columns");
          constants.put(name, constant.reshaped(constant.size(), 1));
          return name;
        });
  }

  /** The name of a value's row-major form, made now if it has not been. */
  private String rowMajor(String value) {
    String wanted = owed.remove(value);
    if (wanted != null) {
      String name = fresh("rows_of_" + value);
      nodes.add(new Node(name, Transpose.by(1, 0), List.of(byColumns.get(value)), List.of(wanted)));
      if (!wanted.equals(value)) {
        renamed.put(value, wanted);
      }
    }
    return renamed.getOrDefault(value, value);
  }

  private String fresh(String hint) {
    String name = hint;
    for (int i = 1; !names.add(name); i++) {
      name = hint + "_" + i;
    }
    return name;
  }
}
