package io.sparkonnx.engine;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.Inference;
import io.sparkonnx.engine.graph.ModelInfo;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.show.GraphView;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there is to say of a model without running it.
 *
 * @param info what the file says of itself
 * @param signature inputs and outputs
 * @param batching whether and how rows go together
 * @param parameters elements of the initializers; vectors of int64, which hold shapes and axes, do
 *     not count
 * @param initializerBytes of all initializers, as the engine holds their elements
 * @param flops multiplications and additions of one run, over the symbolic dimensions of the inputs
 * @param operators nodes of the file by operator
 * @param steps nodes that run after optimisation, by operator
 * @param graph the file's graph, for a drawing
 * @param warnings what the reader passed over
 */
public record ModelSummary(
    ModelInfo info,
    Signature signature,
    Batching batching,
    long parameters,
    long initializerBytes,
    Dim flops,
    Map<String, Integer> operators,
    Map<String, Integer> steps,
    GraphView graph,
    List<String> warnings) {

  static ModelSummary of(
      ModelInfo info,
      Signature signature,
      Batching batching,
      Graph file,
      Graph optimized,
      List<String> warnings) {
    long parameters =
        file.constants().values().stream()
            .filter(tensor -> tensor.type() != ElementType.INT64 || tensor.rank() > 1)
            .mapToLong(Tensor::size)
            .sum();
    long initializerBytes =
        file.constants().values().stream()
            .mapToLong(tensor -> (long) tensor.size() * tensor.type().storage().bytes())
            .sum();
    Map<String, ValueInfo> infos = Inference.of(file);
    return new ModelSummary(
        info,
        signature,
        batching,
        parameters,
        initializerBytes,
        flops(file, infos),
        count(file),
        count(optimized),
        GraphView.of(file, infos),
        warnings);
  }

  private static Map<String, Integer> count(Graph graph) {
    Map<String, Integer> counts = new TreeMap<>();
    graph.nodes().forEach(node -> counts.merge(node.operator().type(), 1, Integer::sum));
    return counts;
  }

  private static Dim flops(Graph graph, Map<String, ValueInfo> infos) {
    Dim sum = Dim.ZERO;
    for (Node node : graph.nodes()) {
      sum =
          sum.plus(
              node.operator().flops(known(node.inputs(), infos), known(node.outputs(), infos)));
    }
    return sum;
  }

  private static List<ValueInfo> known(List<String> names, Map<String, ValueInfo> infos) {
    List<ValueInfo> known = new ArrayList<>();
    names.forEach(name -> known.add(name.isEmpty() ? null : infos.get(name)));
    return known;
  }
}
