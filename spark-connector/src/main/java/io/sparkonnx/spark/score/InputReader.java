package io.sparkonnx.spark.score;

import io.sparkonnx.spark.model.FileSystems;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.types.StructType;

/** Reads the rows of a job. */
final class InputReader {
  private InputReader() {}

  /**
   * All rows of an input. Files of CSV have a header and types that are inferred, unless its
   * options say otherwise.
   *
   * @throws ScoreException NO_INPUT if there are no files, NO_PACKAGE if the format needs one
   */
  static Dataset<Row> read(JobInput input, SparkSession spark) {
    Packages.require(input.format(), spark);
    DataFrameReader reader = spark.read();
    if (input.format().equals("csv")) {
      reader.option("header", true).option("inferSchema", true);
    }
    reader.options(input.options());
    if (input.format().equals("table")) {
      return reader.table(input.table());
    }
    if (input.format().equals("jdbc")) {
      return reader
          .options(Packages.withDriver(input.options()))
          .format("jdbc")
          .option("dbtable", input.table())
          .load();
    }
    check(input.path(), spark);
    return reader.format(input.format()).load(input.path());
  }

  /**
   * The files of an input as a stream.
   *
   * @param schema of the files
   */
  static Dataset<Row> stream(JobInput input, StructType schema, SparkSession spark) {
    DataStreamReader reader = spark.readStream().format(input.format());
    if (!input.format().equals("delta")) {
      reader.schema(schema);
    }
    if (input.format().equals("csv")) {
      reader.option("header", true);
    }
    return reader.options(input.options()).load(input.path());
  }

  private static void check(String input, SparkSession spark) {
    Path path = new Path(input);
    try {
      FileSystem files = FileSystems.of(path, spark.sparkContext().hadoopConfiguration());
      FileStatus[] found = files.globStatus(path);
      if (found == null || found.length == 0) {
        throw new ScoreException(ScoreException.Code.NO_INPUT, "there is no input " + input);
      }
    } catch (IOException e) {
      throw new ScoreException(
          ScoreException.Code.NO_INPUT, "cannot read " + input + ": " + e.getMessage(), e);
    }
  }
}
