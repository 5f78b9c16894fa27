package io.sparkonnx.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * What the node that runs a model copies and allocates, its child's own work not counted.
 *
 * @param rows that were scored
 * @param batches runs of the model
 * @param inputBytes bytes of the tensors that the model was given
 * @param copiedIn bytes written on the way to them
 * @param outputBytes bytes of the tensors that the model gave
 * @param copiedOut bytes written on the way from them
 * @param allocated by each further batch once a task is under way
 */
record Copies(
    long rows,
    long batches,
    long inputBytes,
    long copiedIn,
    long outputBytes,
    long copiedOut,
    PerBatch allocated) {
  private static final int WARM_UP = 25;
  private static final int ROUNDS = 2;
  private static final List<String> METRICS =
      List.of(
          "numScoredRows",
          "numBatches",
          "inputBytes",
          "copiedInBytes",
          "outputBytes",
          "copiedOutBytes");

  /** Averages over batches. */
  record PerBatch(double objects, double bytes) {}

  /**
   * Runs the node over one file and over two. What the second file adds is what batches allocate;
   * what a task allocates once drops out.
   *
   * @param files two files with as many rows
   */
  static Copies measure(
      SparkSession session, BenchmarkCase benchmark, List<String> files, boolean columnar)
      throws IOException {
    NodeRun one = NodeRun.of(session, benchmark, files.subList(0, 1), columnar);
    NodeRun two = NodeRun.of(session, benchmark, files, columnar);
    Map<String, Long> ofOne = metrics(one);
    Map<String, Long> ofTwo = metrics(two);
    Allocations added = allocations(two).minus(allocations(one));
    long batches = ofTwo.get("numBatches") - ofOne.get("numBatches");
    return new Copies(
        ofTwo.get("numScoredRows"),
        ofTwo.get("numBatches"),
        ofTwo.get("inputBytes"),
        ofTwo.get("copiedInBytes"),
        ofTwo.get("outputBytes"),
        ofTwo.get("copiedOutBytes"),
        new PerBatch((double) added.objects() / batches, (double) added.bytes() / batches));
  }

  /** What one run adds to the metrics. */
  private static Map<String, Long> metrics(NodeRun run) {
    run.run();
    Map<String, Long> added = new TreeMap<>();
    METRICS.forEach(name -> added.put(name, -run.metric(name)));
    run.run();
    METRICS.forEach(name -> added.merge(name, run.metric(name), Long::sum));
    return added;
  }

  private static Allocations allocations(NodeRun run) throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      run.run();
    }
    Allocations node = Allocations.during(run::run);
    for (int i = 1; i < ROUNDS; i++) {
      node = node.least(Allocations.during(run::run));
    }
    return node;
  }

  /**
   * Comma-separated: rows a batch, bytes of input a row, how often these are copied, bytes of
   * output a row, how often these are copied; a batch's objects, bytes, and bytes of output among
   * them.
   */
  String line() {
    return String.format(
        Locale.ROOT,
        "%d,%.1f,%.2f,%.1f,%.2f,%.1f,%.0f,%.0f",
        rows / batches,
        (double) inputBytes / rows,
        (double) copiedIn / inputBytes,
        (double) outputBytes / rows,
        (double) copiedOut / outputBytes,
        allocated.objects(),
        allocated.bytes(),
        (double) outputBytes / batches);
  }
}
