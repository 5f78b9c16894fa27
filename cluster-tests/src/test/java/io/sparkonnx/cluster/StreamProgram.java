package io.sparkonnx.cluster;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * A driver that scores files as they are there, a few at a time, into Parquet files under a
 * checkpoint. Arguments are the folder of rows, an expression, the output and the checkpoint.
 */
public final class StreamProgram {
  private StreamProgram() {}

  public static void main(String[] args) throws Exception {
    SparkSession spark = SparkSession.builder().getOrCreate();
    spark
        .readStream()
        .schema(spark.read().parquet(args[0]).schema())
        .option("maxFilesPerTrigger", "2")
        .parquet(args[0])
        .selectExpr("id", args[1])
        .writeStream()
        .option("checkpointLocation", args[3])
        .trigger(Trigger.AvailableNow())
        .start(args[2])
        .awaitTermination();
    spark.stop();
  }
}
