package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.graph.GraphEditor;

/** One kind of change to a graph, stateless. */
interface Rewrite {
  /** Name for people and for tests: what the rewrite does, as a verb. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Makes the change wherever it applies. */
  void apply(GraphEditor editor);
}
