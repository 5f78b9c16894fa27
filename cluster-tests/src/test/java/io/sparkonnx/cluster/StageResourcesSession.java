package io.sparkonnx.cluster;

import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Scores between two shuffles, on a device and on the CPU, and tells what tasks of each stage asked
 * Spark for. The arguments are a master, the jar of this project, a model and rows.
 */
public final class StageResourcesSession {
  static final String SAME_RESULTS = "SAME RESULTS ";
  static final String STAGE = "STAGE ";

  private StageResourcesSession() {}

  /** Prints a line for each stage: whether it scores, its profile, and its tasks' GPUs. */
  private static final class Stages extends SparkListener {
    private final SparkContext spark;
    private String query = "";

    Stages(SparkContext spark) {
      this.spark = spark;
    }

    @Override
    @SuppressWarnings("SystemOut")
    public void onStageCompleted(SparkListenerStageCompleted event) {
      StageInfo stage = event.stageInfo();
      ResourceProfile profile =
          spark.resourceProfileManager().resourceProfileFromId(stage.resourceProfileId());
      double gpus =
          profile.taskResources().contains("gpu")
              ? profile.taskResources().apply("gpu").amount()
              : 0;
      System.out.printf(
          Locale.ROOT,
          "%s%s scores=%s profile=%s gpus=%s%n",
          STAGE,
          query,
          scores(stage),
          profile.getClass().getSimpleName(),
          gpus);
    }

    private static boolean scores(StageInfo stage) {
      return CollectionConverters.asJava(stage.accumulables()).values().stream()
          .map(AccumulableInfo::name)
          .anyMatch(name -> name.isDefined() && name.get().equals("number of scored rows"));
    }
  }

  private static List<Row> query(SparkSession spark, Stages stages, String[] args, String device)
      throws Exception {
    stages.query = device;
    String call =
        String.format(
            Locale.ROOT,
            "onnx_predict('%s', a, b, named_struct('device', '%s')) y",
            args[2],
            device);
    List<Row> rows =
        spark
            .read()
            .parquet(args[3])
            .repartition(4, org.apache.spark.sql.functions.col("id"))
            .selectExpr("id % 5 bucket", call)
            .groupBy("bucket")
            .agg(
                org.apache.spark.sql.functions.expr("count(y)"),
                org.apache.spark.sql.functions.expr("max(y)"),
                org.apache.spark.sql.functions.expr("min(y)"))
            .orderBy("bucket")
            .collectAsList();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return rows;
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    SparkSession spark =
        SparkSession.builder().master(args[0]).config("spark.jars", args[1]).getOrCreate();
    Stages stages = new Stages(spark.sparkContext());
    spark.sparkContext().addSparkListener(stages);
    List<Row> there = query(spark, stages, args, "gpu");
    List<Row> here = query(spark, stages, args, "cpu");
    System.out.println(SAME_RESULTS + there.equals(here) + " " + there.size());
    spark.stop();
  }
}
