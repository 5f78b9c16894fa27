package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.ModelInfo;
import java.util.List;

/**
 * A model as its file describes it.
 *
 * @param info what the file says of itself
 * @param graph its computation, nodes sorted and every operator made
 * @param warnings oddities of the file that do not stand in the way, one line each
 */
public record LoadedModel(ModelInfo info, Graph graph, List<String> warnings) {
  public LoadedModel {
    warnings = List.copyOf(warnings);
  }
}
