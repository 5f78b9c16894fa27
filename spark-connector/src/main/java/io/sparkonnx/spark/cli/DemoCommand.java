package io.sparkonnx.spark.cli;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.format_number;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores the repository's sample data with its sample models. */
@Command(
    name = "demo",
    description = "Score real sample data on local Spark: results, accuracy, rows per second.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int FIRST_FEATURE = 1;
  private static final int FEATURES = 30;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Rows to time, made by repeating the data (default: ${DEFAULT-VALUE}).")
  private long rows;

  @Mixin private SparkOptions sparkOptions;

  @Spec private CommandSpec spec;

  private boolean asInTraining = true;

  @Override
  public Integer call() throws IOException {
    if (rows < 1) {
      throw CliException.input("USAGE", "--rows is " + rows + ", at least 1 is needed");
    }
    Path demo = folder();
    JsonNode expected =
        new ObjectMapper().readTree(Files.readString(demo.resolve("data/expected.json")));
    try (SparkSession spark = sparkOptions.open("spark-onnx demo")) {
      say("\n1. Is a breast mass malignant? 30 measurements a row, 150 trees (LightGBM).");
      say("   SELECT *, onnx_predict('breast_cancer.onnx', mean_radius, ...) FROM breast_cancer\n");
      tabular(spark, demo, expected.get("breast_cancer"));
      say("\n2. Which digit is it? 8x8 grey images, a small CNN (PyTorch).");
      say("   digits.withColumn(\"p\", onnxPredict(\"digits.onnx\", col(\"image\")))\n");
      images(spark, demo, expected.get("digits"));
    }
    return asInTraining ? 0 : 1;
  }

  private Path folder() {
    Path demo = Path.of(System.getProperty("sparkonnx.home", "."), "demo");
    if (!Files.isDirectory(demo)) {
      throw CliException.input(
          "NO_DEMO", "there is no sample data in " + demo + "; run bin/spark-onnx in a clone");
    }
    return demo;
  }

  private void tabular(SparkSession spark, Path demo, JsonNode expected) {
    Dataset<Row> patients =
        spark.read().parquet(demo.resolve("data/breast_cancer.parquet").toString());
    Column[] features =
        Arrays.stream(patients.columns())
            .skip(FIRST_FEATURE)
            .limit(FEATURES)
            .map(patients::col)
            .toArray(Column[]::new);
    Column call = onnxPredict(demo.resolve("models/breast_cancer.onnx").toString(), features);
    Dataset<Row> scored =
        patients
            .withColumn("p", call)
            .withColumn("predicted", col("p.label"))
            .withColumn("probability", col("p.probabilities").getItem(1));
    scored
        .select(
            col("id"),
            col("mean_radius"),
            col("worst_area"),
            col("diagnosis"),
            col("label"),
            col("predicted"),
            format_number(col("probability"), 4).as("P(malignant)"))
        .orderBy("id")
        .show(12, false);
    accuracy(scored, expected);
    time(patients, call);
  }

  private void images(SparkSession spark, Path demo, JsonNode expected) {
    Dataset<Row> digits = spark.read().parquet(demo.resolve("data/digits.parquet").toString());
    Column call = onnxPredict(demo.resolve("models/digits.onnx").toString(), col("image"));
    Dataset<Row> scored =
        digits
            .withColumn("p", call)
            .withColumn("probability", array_max(col("p")))
            .withColumn("predicted", array_position(col("p"), col("probability")).minus(1));
    scored
        .select(
            col("id"),
            col("label"),
            col("predicted"),
            format_number(col("probability"), 4).as("probability"))
        .orderBy("id")
        .show(12, false);
    accuracy(scored, expected);
    time(digits, call);
  }

  private void accuracy(Dataset<Row> scored, JsonNode expected) {
    long total = scored.count();
    long right = scored.filter(col("label").equalTo(col("predicted"))).count();
    long trained = expected.get("correct").asLong();
    asInTraining &= right == trained && total == expected.get("rows").asLong();
    say(
        String.format(
            Locale.ROOT,
            "accuracy %.2f %% (%d of %d rows the model has not seen; in training %d of %d)",
            100.0 * right / total,
            right,
            total,
            trained,
            expected.get("rows").asLong()));
  }

  /** Times the model over many copies of the data; the first run warms up. */
  private void time(Dataset<Row> source, Column call) {
    long copies = (rows + source.count() - 1) / source.count();
    long total = copies * source.count();
    Dataset<Row> scored =
        source.sparkSession().range(copies).toDF("copy").crossJoin(source).withColumn("p", call);
    double seconds = Double.POSITIVE_INFINITY;
    for (int run = 0; run < 2; run++) {
      long start = System.nanoTime();
      scored.write().format("noop").mode("overwrite").save();
      seconds = (System.nanoTime() - start) / 1e9;
    }
    say(
        String.format(
            Locale.ROOT,
            "%,d rows in %.2f s: %,.0f rows/s on %d cores",
            total,
            seconds,
            total / seconds,
            source.sparkSession().sparkContext().defaultParallelism()));
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
