package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Steps of a device that hand values to each other, and what crosses their shores. An island whose
 * neighbours are steps of the CPU costs two transfers that the CPU alone does not need; it is worth
 * them if it holds a heavy step, or computes at least {@link #WORTH} operations per byte that
 * crosses. Dimensions that a run decides count as {@link #OPEN_LENGTH}, so that the answer is the
 * plan's.
 */
final class Islands {
  /**
   * A byte takes about as long to a device as a simple operation on a core: 10 GB/s against some
   * 10⁹ to 10¹⁰ operations.
   */
  private static final long WORTH = 1;

  private static final long OPEN_LENGTH = 64;

  /** Steps that compute much for each value, so that their island stays in any case. */
  private static final Set<String> HEAVY =
      Set.of(
          "ColumnProduct",
          "Conv",
          "ConvTranspose",
          "FusedAttention",
          "Gemm",
          "MatMul",
          "PooledConv",
          "TreeEnsemble",
          "TreeEnsembleClassifier",
          "TreeEnsembleRegressor",
          "TreeScores");

  private final Graph graph;
  private final Map<String, ValueInfo> infos;
  private final Predicate<Node> isPlaced;
  private final Predicate<Node> isView;
  private final Map<String, Node> makers = new HashMap<>();
  private final Map<String, String> leaders = new HashMap<>();

  /**
   * @param isPlaced whether a node runs on the device
   * @param isView whether a node has nothing to do on either side
   */
  Islands(
      Graph graph, Map<String, ValueInfo> infos, Predicate<Node> isPlaced, Predicate<Node> isView) {
    this.graph = graph;
    this.infos = infos;
    this.isPlaced = isPlaced;
    this.isView = isView;
    for (Node node : graph.nodes()) {
      node.outputs().forEach(output -> makers.put(output, node));
    }
    for (Node node : graph.nodes()) {
      if (isPart(node)) {
        for (String input : node.inputs()) {
          if (makers.containsKey(input) && isPart(makers.get(input))) {
            join(leader(node.name()), leader(makers.get(input).name()));
          }
        }
      }
    }
  }

  private boolean isPart(Node node) {
    return isPlaced.test(node) || isView.test(node);
  }

  private void join(String island, String other) {
    if (!island.equals(other)) {
      leaders.put(island, other);
    }
  }

  private String leader(String node) {
    String leader = node;
    while (leaders.containsKey(leader)) {
      leader = leaders.get(leader);
    }
    return leader;
  }

  /** Names of the nodes on the device whose islands are not worth the transfers. */
  Set<String> unworthy() {
    Map<String, List<Node>> islands = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (isPart(node)) {
        islands.computeIfAbsent(leader(node.name()), key -> new ArrayList<>()).add(node);
      }
    }
    Set<String> names = new LinkedHashSet<>();
    islands.values().stream()
        .filter(island -> !isWorthy(island))
        .forEach(island -> island.forEach(node -> names.add(node.name())));
    return names;
  }

  private boolean isWorthy(List<Node> island) {
    if (island.stream().anyMatch(node -> HEAVY.contains(node.operator().type()))) {
      return true;
    }
    try {
      Shore shore = shore(island);
      return !shore.meetsCpu() || operations(island) >= WORTH * shore.bytes();
    } catch (ArithmeticException e) {
      // Lengths that exclude the assumed one.
      return true;
    }
  }

  /**
   * What crosses.
   *
   * @param bytes of the values that come and go
   * @param meetsCpu whether a step of the CPU makes or reads one of them
   */
  private record Shore(long bytes, boolean meetsCpu) {}

  private Shore shore(List<Node> island) {
    Set<String> made = new LinkedHashSet<>();
    island.forEach(node -> made.addAll(node.outputs()));
    Set<String> crossing = new LinkedHashSet<>();
    boolean meetsCpu = false;
    for (Node node : island) {
      for (int i = 0; i < node.inputs().size(); i++) {
        String input = node.inputs().get(i);
        boolean read = !node.operator().readsOnHost(i) && !made.contains(input);
        if (read && isHeld(input) && crossing.add(input)) {
          meetsCpu |= makers.containsKey(input);
        }
      }
    }
    for (Node node : graph.nodes()) {
      if (!isPart(node)) {
        for (int i = 0; i < node.inputs().size(); i++) {
          String input = node.inputs().get(i);
          if (made.contains(input) && isHeld(input) && node.operator().readsElements(i)) {
            crossing.add(input);
            meetsCpu = true;
          }
        }
      }
    }
    graph.outputs().stream().map(GraphOutput::name).filter(made::contains).forEach(crossing::add);
    long bytes = crossing.stream().mapToLong(this::bytes).sum();
    return new Shore(bytes, meetsCpu);
  }

  /** Whether a value is a run's own, of a type that devices hold. */
  private boolean isHeld(String name) {
    ValueInfo info = infos.get(name);
    return info != null
        && !graph.constants().containsKey(name)
        && info.isTensor()
        && DeviceForms.holds(info.element());
  }

  private long bytes(String name) {
    ValueInfo info = infos.get(name);
    return info.element().storage().bytes() * info.shape().size().evaluate(symbol -> OPEN_LENGTH);
  }

  private long operations(List<Node> island) {
    long sum = 0;
    for (Node node : island) {
      sum +=
          node.operator()
              .flops(known(node.inputs()), known(node.outputs()))
              .evaluate(symbol -> OPEN_LENGTH);
    }
    return sum;
  }

  private List<ValueInfo> known(List<String> names) {
    List<ValueInfo> known = new ArrayList<>();
    names.forEach(name -> known.add(name.isEmpty() ? null : infos.get(name)));
    return known;
  }
}
