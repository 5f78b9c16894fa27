package io.sparkonnx.spark.ui;

import java.util.List;

/** Adds up what one node does. */
final class NodeUse {
  final ModelExecution execution;
  final Totals totals = new Totals();
  final Samples badRows = new Samples();
  long updated;
  long tasks;
  long written;

  NodeUse(ModelExecution execution) {
    this.execution = execution;
    this.updated = execution.time();
  }

  List<String> models() {
    return execution.calls().stream().map(ModelCall::sha256).distinct().toList();
  }

  QueryUse snapshot() {
    return new QueryUse(
        execution.node(),
        execution.execution(),
        execution.time(),
        updated,
        execution.calls(),
        execution.devices(),
        tasks,
        totals.values(),
        badRows.errors());
  }
}
