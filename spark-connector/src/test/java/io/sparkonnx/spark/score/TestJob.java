package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Jobs on the demo's digits, described by YAML. */
final class TestJob {
  static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();
  static final String DIGITS = DEMO.resolve("data/digits.parquet").toString();
  static final String MODEL = DEMO.resolve("models/digits.onnx").toString();

  private TestJob() {}

  /** The digits job into a folder, with further keys. */
  static JobSpec spec(Path output, String... pieces) throws Exception {
    return JobReader.read(
        JobFile.merged(
            JobFile.parse(
                "{model: '"
                    + MODEL
                    + "', input: {path: '"
                    + DIGITS
                    + "'},"
                    + " output: {path: '"
                    + output
                    + "'}}"),
            keys(pieces)));
  }

  /** The digits job into a table, with further keys. */
  static JobSpec table(String format, String table, Path state, String... pieces) throws Exception {
    Map<String, Object> job =
        JobFile.parse(
            "{model: '"
                + MODEL
                + "', input: {path: '"
                + DIGITS
                + "'}, output: {format: "
                + format
                + ", table: "
                + table
                + ", state: '"
                + state
                + "'}}");
    return JobReader.read(JobFile.merged(job, keys(pieces)));
  }

  /** Five rows of which the second and the fourth are no digits, as an input. */
  static String badRows(SparkSession spark, Path input) {
    String image = Collections.nCopies(64, "1.0").toString();
    spark
        .range(5)
        .selectExpr(
            "id", "if(id % 2 = 0, from_json('" + image + "', 'array<float>'), NULL) AS image")
        .coalesce(1)
        .write()
        .parquet(input.toString());
    return "input: {path: '" + input + "'}";
  }

  /** The keys of several pieces of YAML. */
  static Map<String, Object> keys(String... pieces) throws Exception {
    Map<String, Object> keys = Map.of();
    for (String piece : pieces) {
      keys = JobFile.merged(keys, JobFile.parse(piece));
    }
    return keys;
  }

  /** Runs a job; its only run. */
  static Outcome run(JobSpec spec, SparkSession spark) throws Exception {
    List<Outcome> runs = all(spec, spark);
    if (runs.size() != 1) {
      throw new AssertionError("one run, not " + runs);
    }
    return runs.get(0);
  }

  static List<Outcome> all(JobSpec spec, SparkSession spark) throws Exception {
    List<Outcome> runs = new ArrayList<>();
    new ScoreJob(spec, spark).run(runs::add);
    return runs;
  }
}
