package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Where the rows of runs become visible. A run is staged first, where no reader looks, and then
 * published by steps that may be repeated.
 */
interface RunSink {

  /**
   * Looks before anything is read whether a run can be written.
   *
   * @param runId names the run
   * @param columns that the run will have, without that of the run
   * @throws ScoreException FOREIGN_OUTPUT or WRONG_OUTPUT if it cannot
   */
  void check(String runId, StructType columns) throws IOException;

  /**
   * Writes rows where no reader sees them.
   *
   * @param staged the run's own folder, which is there
   */
  void stage(Dataset<Row> rows, String runId, Path staged) throws IOException;

  /**
   * What was staged, and what it will take the place of.
   *
   * @param rows how many were staged
   * @throws ScoreException STAGING_INCOMPLETE if there are more or fewer
   */
  OutputWritten written(Path staged, long rows) throws IOException;

  /** Makes staged rows visible; may be repeated, also by another process. */
  void publish(RunManifest run, Path staged) throws IOException;

  /** Removes what was staged outside of the run's folder. */
  void discard(Path staged) throws IOException;

  /**
   * The sink of an output.
   *
   * @param store of its records
   * @throws ScoreException NO_PACKAGE if the format needs what is not there
   */
  static RunSink of(JobOutput output, RunStore store, SparkSession spark) {
    Packages.require(output.format(), spark);
    return switch (output.format()) {
      case JobOutput.DELTA -> new DeltaSink(output, store.output(), store, spark);
      case JobOutput.TABLE -> TableSink.of(output, store, spark);
      case JobOutput.JDBC -> new JdbcSink(output, spark);
      default -> new FileSink(output, store);
    };
  }
}
