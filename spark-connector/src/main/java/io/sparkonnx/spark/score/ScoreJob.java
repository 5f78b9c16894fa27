package io.sparkonnx.spark.score;

import io.sparkonnx.spark.OnnxModel;
import io.sparkonnx.spark.functions;
import io.sparkonnx.spark.model.FileSystems;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * One scoring run. All columns of the input are passed through; the model's output is added. The
 * output folder appears by a rename when every row is written, so that it is never half there. An
 * object store copies file by file instead; the file {@code _SUCCESS} comes last, and says that all
 * is there.
 *
 * @param model path of the model
 * @param input path of the rows
 * @param output folder to write
 * @param format Spark's name of the files' format, for input and output
 * @param inputs columns of each model input, by the input's name; empty to bind by equal names
 * @param column name of the added column
 * @param overwrite whether an existing output is replaced
 */
public record ScoreJob(
    String model,
    String input,
    String output,
    String format,
    Map<String, List<String>> inputs,
    String column,
    boolean overwrite) {

  /**
   * Runs the job.
   *
   * @throws ScoreException if the job does not fit its input, its model or its output
   * @throws AnalysisException if the model does not fit the columns
   * @throws SparkException if the job failed
   */
  public void run(SparkSession spark) throws AnalysisException, SparkException {
    Path target = new Path(output);
    Path parent = target.getParent();
    if (parent == null) {
      throw new ScoreException(
          "OUTPUT_NOT_WRITABLE",
          "output " + output + " is the root of a file system; a folder below it is needed");
    }
    FileSystem files = fileSystem(spark, target);
    try {
      if (files.exists(target) && !overwrite) {
        throw new ScoreException(
            "OUTPUT_EXISTS", "output " + output + " exists; say --overwrite to replace it");
      }
      Path unfinished = new Path(parent, "." + target.getName() + "-" + runId());
      Path rows = new Path(unfinished, "rows");
      try {
        scored(spark).write().format(format).mode(SaveMode.ErrorIfExists).save(rows.toString());
        publish(files, rows, target);
      } finally {
        files.delete(unfinished, true);
      }
    } catch (IOException e) {
      throw new ScoreException(
          "OUTPUT_NOT_WRITABLE", "cannot write " + output + ": " + e.getMessage());
    }
  }

  private static String runId() {
    return UUID.randomUUID().toString();
  }

  private FileSystem fileSystem(SparkSession spark, Path target) {
    try {
      return FileSystems.of(target, spark.sparkContext().hadoopConfiguration());
    } catch (IOException e) {
      throw new ScoreException(
          "OUTPUT_NOT_WRITABLE", "cannot reach " + output + ": " + e.getMessage());
    }
  }

  private void publish(FileSystem files, Path rows, Path target) throws IOException {
    if (files.exists(target) && !files.delete(target, true)) {
      throw new IOException("the old output cannot be removed");
    }
    Path success = new Path(rows, FileOutputCommitter.SUCCEEDED_FILE_NAME);
    Path last = new Path(rows.getParent(), success.getName());
    boolean hasSuccess = files.exists(success);
    if (hasSuccess) {
      rename(files, success, last);
    }
    rename(files, rows, target);
    if (hasSuccess) {
      rename(files, last, new Path(target, success.getName()));
    }
  }

  private static void rename(FileSystem files, Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("the finished output cannot be renamed from " + from + " to " + to);
    }
  }

  /** The input's rows with the model's output. */
  Dataset<Row> scored(SparkSession spark) {
    Dataset<Row> rows = read(spark);
    if (List.of(rows.columns()).contains(column)) {
      throw new ScoreException(
          "COLUMN_EXISTS",
          "the input has a column '" + column + "' already; name another by --column");
    }
    OnnxModel loaded = OnnxModel.load(model);
    Column[] arguments = new ColumnMapping(loaded.signature(), inputs).columns(rows);
    return rows.withColumn(column, functions.onnxPredict(loaded, arguments));
  }

  private Dataset<Row> read(SparkSession spark) {
    Path path = new Path(input);
    try {
      FileSystem files = FileSystems.of(path, spark.sparkContext().hadoopConfiguration());
      if (files.globStatus(path) == null || files.globStatus(path).length == 0) {
        throw new ScoreException("NO_INPUT", "there is no input " + input);
      }
    } catch (IOException e) {
      throw new ScoreException("NO_INPUT", "cannot read " + input + ": " + e.getMessage());
    }
    boolean csv = format.equals("csv");
    return csv
        ? spark.read().format(format).option("header", true).option("inferSchema", true).load(input)
        : spark.read().format(format).load(input);
  }
}
