package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphChecker;
import io.sparkonnx.engine.graph.GraphInput;
import io.sparkonnx.engine.graph.GraphOutput;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A graph before and after some rewrites. */
final class Rewritten {
  private final Graph before;
  private final Graph after;
  private final List<String> applied = new ArrayList<>();

  private Rewritten(Graph before, List<Rewrite> rewrites) {
    this.before = before;
    this.after = Optimizer.optimize(before, rewrites, this::watch);
  }

  private void watch(Rewrite rewrite, Graph graph) {
    applied.add(rewrite.name());
    GraphChecker.check(graph);
  }

  static Rewritten by(TestGraph graph, Rewrite... rewrites) {
    return new Rewritten(graph.build(), List.of(rewrites));
  }

  static Rewritten by(Graph graph, Rewrite... rewrites) {
    return new Rewritten(graph, List.of(rewrites));
  }

  static Rewritten byAll(TestGraph graph) {
    return new Rewritten(graph.build(), Optimizer.PORTABLE);
  }

  Graph graph() {
    return after;
  }

  List<String> applied() {
    return applied;
  }

  /** Types of the nodes in order. */
  List<String> operators() {
    return after.nodes().stream().map(node -> node.operator().type()).toList();
  }

  Rewritten assertUnchanged() {
    assertThat(after.nodes()).isEqualTo(before.nodes());
    return this;
  }

  Rewritten assertOperators(String... types) {
    assertThat(operators()).containsExactly(types);
    return this;
  }

  /** Both graphs give the same outputs on random inputs; every symbol is bound to 3. */
  void assertSameValues() {
    assertSameValues(1e-5);
  }

  /** The same, bit by bit. */
  void assertSameBits() {
    assertSameValues(0);
  }

  private void assertSameValues(double tolerance) {
    Map<String, Tensor> inputs = new HashMap<>();
    Random random = new Random(11);
    for (GraphInput input : before.inputs()) {
      TensorType type = (TensorType) input.type();
      int[] dims = type.shape().evaluate(symbol -> 3);
      assertThat(type.element()).isEqualTo(ElementType.FLOAT);
      inputs.put(input.name(), TestGraph.random(random, dims));
    }
    Map<String, OnnxValue> expected = run(before, inputs);
    Map<String, OnnxValue> actual = run(after, inputs);
    for (GraphOutput output : before.outputs()) {
      Tensor e = (Tensor) expected.get(output.name());
      Tensor a = (Tensor) actual.get(output.name());
      assertThat(a.type()).isEqualTo(e.type());
      assertThat(a.dims()).isEqualTo(e.dims());
      for (int i = 0; i < e.size(); i++) {
        double scale = Math.max(1, Math.abs(e.doubleAt(i)));
        assertThat(a.doubleAt(i)).isCloseTo(e.doubleAt(i), within(tolerance * scale));
      }
    }
  }

  private static Map<String, OnnxValue> run(Graph graph, Map<String, Tensor> inputs) {
    Map<String, OnnxValue> values = new HashMap<>(inputs);
    values.putAll(graph.constants());
    for (Node node : graph.nodes()) {
      List<OnnxValue> arguments = new ArrayList<>();
      node.inputs().forEach(name -> arguments.add(name.isEmpty() ? null : values.get(name)));
      List<OnnxValue> results =
          Evaluation.run(
              node.label(),
              node.operator(),
              KernelProvider.scalar(),
              arguments,
              node.outputs().size());
      for (int i = 0; i < results.size(); i++) {
        values.put(node.output(i), results.get(i));
      }
    }
    return values;
  }
}
