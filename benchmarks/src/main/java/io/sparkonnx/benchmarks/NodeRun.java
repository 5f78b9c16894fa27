package io.sparkonnx.benchmarks;

import static org.apache.spark.sql.functions.col;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;

/** The node that runs a model: it is run to its end, and nothing above it in the query. */
final class NodeRun {
  private final OnnxEvalExec node;

  private NodeRun(OnnxEvalExec node) {
    this.node = node;
  }

  /**
   * The node of a case's query.
   *
   * @param files to read
   * @param columnar whether the child gives columns as the scan reads them, or rows of a filter
   */
  static NodeRun of(
      SparkSession session, BenchmarkCase benchmark, List<String> files, boolean columnar) {
    Dataset<Row> rows = session.read().parquet(files.toArray(String[]::new));
    if (!columnar) {
      rows = rows.filter(col(benchmark.columns().get(0)).isNotNull());
    }
    var scored = (org.apache.spark.sql.classic.Dataset<?>) OursMain.score(rows, benchmark);
    OnnxEvalExec node = find(scored.queryExecution().executedPlan());
    if (node.supportsColumnar() != columnar) {
      throw new IllegalStateException("not the plan that is to be measured: " + node);
    }
    return new NodeRun(node);
  }

  private static OnnxEvalExec find(SparkPlan plan) {
    SparkPlan at = plan;
    while (!(at instanceof OnnxEvalExec)) {
      at = at.children().head();
    }
    return (OnnxEvalExec) at;
  }

  void run() {
    drain(node.supportsColumnar() ? node.executeColumnar() : node.execute());
  }

  private static void drain(RDD<?> rows) {
    rows.toJavaRDD().foreachPartition(NodeRun::drain);
  }

  private static void drain(Iterator<?> rows) {
    while (rows.hasNext()) {
      rows.next();
    }
  }

  /** A metric of the node, over all runs so far. */
  long metric(String name) {
    return node.metrics().apply(name).value();
  }
}
