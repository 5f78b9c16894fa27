package io.sparkonnx.benchmarks;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.named_struct;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Times {@code onnx_predict}: arguments are the folder of a case and the number of warm rounds. */
public final class OursMain {
  private OursMain() {}

  public static void main(String[] args) throws IOException {
    BenchmarkCase benchmark = BenchmarkCase.read(Path.of(args[0]));
    SparkSession session = Rounds.session("ours " + benchmark.name());
    Rounds.measure(benchmark, "ours", Integer.parseInt(args[1]), () -> query(session, benchmark));
    session.stop();
  }

  static Dataset<Row> query(SparkSession session, BenchmarkCase benchmark) {
    return score(session.read().parquet(benchmark.rowsFile()), benchmark);
  }

  static Dataset<Row> score(Dataset<Row> rows, BenchmarkCase benchmark) {
    return rows.select(onnxPredict(benchmark.model(), arguments(benchmark)).as("y"));
  }

  private static Column[] arguments(BenchmarkCase benchmark) {
    List<Column> columns = new ArrayList<>();
    for (String name : benchmark.columns()) {
      if (benchmark.form().equals("struct")) {
        columns.add(lit(name));
      }
      columns.add(col(name));
    }
    Column[] all = columns.toArray(Column[]::new);
    return benchmark.form().equals("struct") ? new Column[] {named_struct(all)} : all;
  }
}
