package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Files of rows in the folder of a run that is not published. */
final class StagedRows {
  private static final String FORMAT = "parquet";

  private StagedRows() {}

  /** Where the rows lie that a run adds to its output. */
  static Path of(Path staged) {
    return new Path(staged, "rows");
  }

  /** Writes rows as they are, in Spark's own format. */
  static void write(Dataset<Row> rows, Path files) {
    rows.write().format(FORMAT).mode(SaveMode.ErrorIfExists).save(files.toString());
  }

  static Dataset<Row> read(SparkSession spark, Path files) {
    return spark.read().format(FORMAT).load(files.toString());
  }

  /** What the manifest says of staged files. */
  static OutputWritten describe(
      JobOutput output, String name, FileSystem files, Path staged, List<String> replaced)
      throws IOException {
    ContentSummary size = files.getContentSummary(of(staged));
    return new OutputWritten(
        output.format(),
        name,
        output.mode().name().toLowerCase(Locale.ROOT),
        (int) size.getFileCount(),
        size.getLength(),
        replaced);
  }
}
