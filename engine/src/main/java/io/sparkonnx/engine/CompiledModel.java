package io.sparkonnx.engine;

import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.execute.DeviceWeights;
import io.sparkonnx.engine.execute.PlanSession;
import io.sparkonnx.engine.graph.BatchInference;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Inference;
import io.sparkonnx.engine.graph.ModelInfo;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.onnx.LoadedModel;
import io.sparkonnx.engine.optimize.AssignLayouts;
import io.sparkonnx.engine.optimize.DivideForDevice;
import io.sparkonnx.engine.optimize.FreeBatch;
import io.sparkonnx.engine.optimize.Optimizer;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Planner;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model that went through all phases. */
final class CompiledModel implements Model {
  private final Plan plan;
  private final ModelSummary summary;
  private final Map<String, Set<String>> inputsByOutput;

  /** Null for the CPU alone. */
  private final DeviceWeights deviceWeights;

  private final AtomicBoolean closed = new AtomicBoolean();

  private CompiledModel(
      Plan plan,
      ModelSummary summary,
      Map<String, Set<String>> inputsByOutput,
      DeviceWeights deviceWeights) {
    this.deviceWeights = deviceWeights;
    this.plan = plan;
    this.summary = summary;
    this.inputsByOutput = inputsByOutput;
  }

  /** Proves the batch, optimises and plans. */
  static CompiledModel compile(LoadedModel loaded, LoadOptions options, Kernels kernels) {
    Graph settled = InputChoice.settle(loaded.graph(), options);
    FreeBatch.Freed freed = batched(settled, options);
    Graph graph = freed.graph();
    Batching batching = freed.batching();
    Graph portable = options.optimize() ? Optimizer.optimize(graph) : graph;
    boolean forCpu = options.optimize() && options.device() == null;
    Graph assigned = AssignLayouts.byColumns(portable, options.byColumns(), forCpu);
    Graph whole = forCpu ? Optimizer.optimizeLayouts(assigned) : forDevice(assigned, options);
    Graph kept = OutputChoice.keep(whole, options);
    Graph laid = options.device() == null ? kept : DivideForDevice.divide(kept);
    Signature signature = signature(laid, Inference.of(graph));
    Batching turned = OutputChoice.keep(InputChoice.byColumns(batching, options), laid);
    Plan plan =
        Planner.plan(
            laid,
            signature,
            turned,
            kernels,
            options.device() == null ? null : options.device().device().info());
    ModelSummary summary =
        ModelSummary.of(loaded.info(), signature, turned, graph, laid, loaded.warnings());
    DeviceWeights weights = options.device() == null ? null : new DeviceWeights(options.device());
    return new CompiledModel(plan, summary, OutputChoice.inputsByOutput(laid), weights);
  }

  private static Graph forDevice(Graph graph, LoadOptions options) {
    return options.optimize() && options.device() != null
        ? Optimizer.optimizeForDevice(graph, options.device().device().info())
        : graph;
  }

  private static FreeBatch.Freed batched(Graph graph, LoadOptions options) {
    Batching batching = BatchInference.of(graph);
    return options.freeBatch()
        ? FreeBatch.of(graph, batching)
        : new FreeBatch.Freed(graph, batching);
  }

  private static Signature signature(Graph laid, Map<String, ValueInfo> infos) {
    List<Port> inputs = new ArrayList<>();
    for (GraphInput input : laid.inputs()) {
      inputs.add(new Port(input.name(), input.type(), input.optional()));
    }
    List<Port> outputs = new ArrayList<>();
    for (GraphOutput output : laid.outputs()) {
      ValueType inferred = infos.get(output.name()).type();
      boolean open = inferred instanceof TensorType tensor && !tensor.shape().hasRank();
      boolean stated = open && output.declared() != null;
      outputs.add(new Port(output.name(), stated ? output.declared() : inferred, false));
    }
    return new Signature(inputs, outputs);
  }

  @Override
  public Signature signature() {
    return plan.signature();
  }

  @Override
  public Map<String, Set<String>> inputsByOutput() {
    return inputsByOutput;
  }

  @Override
  public ModelInfo info() {
    return summary.info();
  }

  @Override
  public Batching batching() {
    return plan.batching();
  }

  @Override
  public String kernels() {
    return plan.kernels().name();
  }

  @Override
  public long weightBytes() {
    return plan.weightBytes();
  }

  @Override
  public Session newSession() {
    return newSession(1);
  }

  @Override
  public Session newSession(int threads) {
    return deviceWeights == null
        ? new PlanSession(plan, threads)
        : new PlanSession(plan, null, deviceWeights);
  }

  @Override
  public Session newSession(StepObserver observer) {
    return new PlanSession(plan, observer, deviceWeights);
  }

  @Override
  public ModelSummary summary() {
    return summary;
  }

  @Override
  public void close() {
    if (deviceWeights != null && !closed.getAndSet(true)) {
      deviceWeights.close();
    }
  }
}
