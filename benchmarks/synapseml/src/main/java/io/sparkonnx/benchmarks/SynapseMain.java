package io.sparkonnx.benchmarks;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import com.microsoft.azure.synapse.ml.onnx.ONNXModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Times SynapseML's ONNXModel with the batch size that suits it best: arguments are the folder of a
 * case and the number of warm rounds.
 */
public final class SynapseMain {
  private static final int BATCH = 4096;

  private SynapseMain() {}

  public static void main(String[] args) throws Exception {
    BenchmarkCase benchmark = BenchmarkCase.read(Path.of(args[0]));
    SparkSession session = Rounds.session("SynapseML " + benchmark.name());
    Rounds.measure(
        benchmark, "synapseml", Integer.parseInt(args[1]), () -> query(session, benchmark));
    session.stop();
  }

  private static Dataset<Row> query(SparkSession session, BenchmarkCase benchmark) {
    Dataset<Row> rows = session.read().parquet(benchmark.rowsFile()).select(inputs(benchmark));
    HashMap<String, String> feed = new HashMap<>();
    benchmark.inputs().forEach(input -> feed.put(input, input));
    HashMap<String, String> fetch = new HashMap<>();
    benchmark.outputs().forEach(output -> fetch.put("out_" + output, output));
    ONNXModel model = new ONNXModel();
    model.setModelPayload(bytes(benchmark.model()));
    model.setFeedDict(feed);
    model.setFetchDict(fetch);
    model.setMiniBatchSize(BATCH);
    Column[] outputs =
        benchmark.outputs().stream().map(name -> col("out_" + name)).toArray(Column[]::new);
    return model.transform(rows).select(outputs);
  }

  /** A column for each input, of arrays. */
  private static Column[] inputs(BenchmarkCase benchmark) {
    List<Column> columns = new ArrayList<>();
    switch (benchmark.form()) {
      case "array":
        columns.add(col("x"));
        break;
      case "columns":
        columns.add(array(benchmark.columns().stream().map(c -> col(c)).toArray(Column[]::new)).as("x"));
        break;
      case "struct":
        benchmark.columns().forEach(name -> columns.add(array(col(name)).as(name)));
        break;
      default:
        throw new IllegalArgumentException("SynapseML takes no " + benchmark.form() + " tensors");
    }
    return columns.toArray(Column[]::new);
  }

  private static byte[] bytes(String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
