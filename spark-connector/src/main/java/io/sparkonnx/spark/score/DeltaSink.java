package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.JobOutput.Mode;
import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * A table of Delta Lake: a run is one transaction, which the table's log takes once.
 *
 * @param output what the job says of it
 * @param table its folder
 * @param store of the records
 * @param spark the session
 */
record DeltaSink(JobOutput output, Path table, RunStore store, SparkSession spark)
    implements RunSink {
  private static final String LOG = "_delta_log";

  @Override
  public void check(String runId, StructType columns) throws IOException {
    if (isTable()) {
      checkPartitions();
      if (!output.options().containsKey("mergeSchema")
          && !output.options().containsKey("overwriteSchema")) {
        OutputColumns.checkTypes(output.name(), rows().schema(), OutputColumns.withRun(columns));
      }
    } else if (!store.visible().isEmpty()) {
      throw new ScoreException(
          ScoreException.Code.FOREIGN_OUTPUT,
          "output "
              + output.name()
              + " holds "
              + store.visible().get(0).getName()
              + " and is no table of Delta Lake");
    }
  }

  private void checkPartitions() {
    List<String> there =
        spark
            .sql("DESCRIBE DETAIL delta.`" + table.toString().replace("`", "``") + "`")
            .select("partitionColumns")
            .head()
            .getList(0);
    if (!output.partitionBy().isEmpty() && !output.partitionBy().equals(there)) {
      throw new ScoreException(
          ScoreException.Code.WRONG_OUTPUT,
          "output "
              + output.name()
              + " is partitioned by "
              + there
              + ", not by "
              + output.partitionBy());
    }
  }

  private boolean isTable() throws IOException {
    Path log = new Path(table, LOG);
    return log.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(log);
  }

  private Dataset<Row> rows() {
    return spark.read().format(JobOutput.DELTA).load(table.toString());
  }

  @Override
  public void stage(Dataset<Row> rows, String runId, Path staged) {
    StagedRows.write(rows, StagedRows.of(staged));
  }

  @Override
  public OutputWritten written(Path staged, long rows) throws IOException {
    return StagedRows.describe(output, output.name(), store.files(), staged, List.of());
  }

  /** A transaction that the log has under the id of the run's folder is passed over by Delta. */
  @Override
  public void publish(RunManifest run, Path staged) {
    DataFrameWriter<Row> writer =
        StagedRows.read(spark, StagedRows.of(staged))
            .withColumn(RunStore.RUN_COLUMN, functions.lit(run.runId()))
            .write()
            .format(JobOutput.DELTA)
            .options(output.options())
            .option("txnAppId", "spark-onnx " + staged.getName())
            .option("txnVersion", 1)
            .mode(output.mode() == Mode.APPEND ? SaveMode.Append : SaveMode.Overwrite);
    if (output.mode() == Mode.PARTITIONS) {
      writer.option("partitionOverwriteMode", "dynamic");
    }
    if (!output.partitionBy().isEmpty()) {
      writer.partitionBy(output.partitionBy().toArray(String[]::new));
    }
    writer.save(table.toString());
  }

  @Override
  public void discard(Path staged) {
    // All of it lies in the run's folder.
  }
}
