package io.sparkonnx.engine.plan;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Inference;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a {@link Plan} of a graph: prepares every step, finds lifetimes, shares memory. */
public final class Planner {
  private final Graph graph;
  private final Kernels kernels;
  private final Map<String, ValueInfo> infos;
  private final Map<String, Integer> index = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Set<String> needed = new HashSet<>();
  private long packedBytes;

  private Planner(Graph graph, Kernels kernels) {
    this.graph = graph;
    this.kernels = kernels;
    this.infos = Inference.of(graph);
  }

  /**
   * @param batching what {@link io.sparkonnx.engine.graph.BatchInference} found for the graph
   */
  public static Plan plan(Graph graph, Signature signature, Batching batching, Kernels kernels) {
    return plan(graph, signature, batching, kernels, null);
  }

  /**
   * @param device the device that runs the steps that have a form there; null for the CPU alone
   */
  public static Plan plan(
      Graph graph, Signature signature, Batching batching, Kernels kernels, DeviceInfo device) {
    return new Planner(graph, kernels).plan(signature, batching, device);
  }

  private Plan plan(Signature signature, Batching batching, DeviceInfo device) {
    graph.inputs().forEach(input -> slot(input.name()));
    graph.outputs().forEach(output -> needed.add(output.name()));
    Set<String> symbols = new LinkedHashSet<>();
    for (GraphInput input : graph.inputs()) {
      if (input.type() instanceof TensorType tensor && tensor.shape().hasRank()) {
        tensor.shape().dims().forEach(dim -> symbols.addAll(dim.symbols()));
      }
    }
    graph.outputs().forEach(output -> slot(output.name()));
    Lifetimes lifetimes = new Lifetimes(graph, infos, symbols);
    PlaceSteps places = new PlaceSteps(device, graph, infos, lifetimes);
    List<PlanStep> planSteps = new ArrayList<>();
    for (Node node : graph.nodes()) {
      DeviceStep placed = places.place(node);
      if (placed != null) {
        needed.addAll(node.inputs());
      }
      planSteps.add(
          new PlanStep(
              node,
              placed == null ? prepare(node) : null,
              placed,
              node.inputs().stream().mapToInt(this::slot).toArray(),
              node.outputs().stream().mapToInt(this::slot).toArray(),
              lifetimes.isPrebuiltView(node)));
    }
    long weights = packedBytes;
    List<Slot> slots = new ArrayList<>();
    for (String name : names) {
      Tensor constant = graph.constants().get(name);
      boolean kept = constant != null && needed.contains(name);
      weights += kept ? bytes(constant) : 0;
      slots.add(
          new Slot(
              slots.size(),
              name,
              constant == null ? infos.get(name) : withoutValue(infos.get(name)),
              lifetimes.place(name),
              lifetimes.buffer(name),
              kept ? constant : null));
    }
    return new Plan(
        signature,
        batching,
        kernels,
        List.copyOf(slots),
        List.copyOf(planSteps),
        lifetimes.buffers(),
        graph.inputs().stream().map(GraphInput::name).mapToInt(this::slot).toArray(),
        graph.outputs().stream().map(GraphOutput::name).mapToInt(this::slot).toArray(),
        List.copyOf(symbols),
        weights);
  }

  private int slot(String name) {
    if (name.isEmpty()) {
      return -1;
    }
    return index.computeIfAbsent(
        name,
        added -> {
          names.add(added);
          return names.size() - 1;
        });
  }

  private Step prepare(Node node) {
    List<ValueInfo> inputs = new ArrayList<>();
    node.inputs().forEach(name -> inputs.add(name.isEmpty() ? null : infos.get(name)));
    List<ValueInfo> outputs = new ArrayList<>();
    node.outputs().forEach(name -> outputs.add(name.isEmpty() ? null : infos.get(name)));
    Preparation preparation = new Preparation(node.label(), kernels, inputs, outputs);
    Step step = node.operator().prepare(preparation);
    packedBytes += preparation.packedBytes();
    for (int i = 0; i < node.inputs().size(); i++) {
      if (!preparation.isReleased(i)) {
        needed.add(node.input(i));
      }
    }
    return step;
  }

  /** What is known of a constant, without a hold on its elements. */
  private static ValueInfo withoutValue(ValueInfo info) {
    return new ValueInfo(info.type(), info.contents(), null);
  }

  private static long bytes(Tensor tensor) {
    return (long) tensor.size() * tensor.type().width() * tensor.type().storage().bytes();
  }
}
