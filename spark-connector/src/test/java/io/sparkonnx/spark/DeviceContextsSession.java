package io.sparkonnx.spark;

import io.sparkonnx.gpu.DeviceFigures;
import io.sparkonnx.spark.device.OpenDevices;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Three applications one after the other in one JVM: with all of a device, with a little of it, and
 * with the same of it and another model. The arguments are two models and the little.
 */
public final class DeviceContextsSession {
  static final String SAME_RESULTS = "SAME RESULTS ";
  static final String PEAK_AND_BUDGET = "PEAK AND BUDGET ";
  static final String RETRIES = "RETRIES ";
  static final String THERE_AND_COUNTED = "THERE AND COUNTED ";

  private DeviceContextsSession() {}

  private static SparkSession session(String bytes) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.extensions", OnnxExtensions.class.getName());
    if (bytes != null) {
      builder.config("spark.onnx.gpu.memory", bytes);
    }
    SparkSession spark = builder.getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    return spark;
  }

  private static Dataset<Row> scored(SparkSession spark, String model, String device) {
    return DeviceQueries.rows(spark)
        .selectExpr(
            "id",
            String.format(
                Locale.ROOT,
                "onnx_predict('%s', x, named_struct('device', '%s')) y",
                model,
                device));
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    SparkSession first = session(null);
    List<Row> expected = scored(first, args[0], "cpu").collectAsList();
    System.out.println(
        SAME_RESULTS + scored(first, args[0], "gpu").collectAsList().equals(expected));
    first.stop();

    SparkSession second = session(args[2]);
    Dataset<Row> there = scored(second, args[0], "gpu");
    System.out.println(SAME_RESULTS + there.collectAsList().equals(expected));
    DeviceFigures figures = DeviceQueries.figures();
    System.out.println(PEAK_AND_BUDGET + figures.peakBytes() + " " + figures.budgetBytes());
    System.out.println(RETRIES + Evaluations.metric(there, "numDeviceRetries"));
    second.stop();

    SparkSession third = session(args[2]);
    scored(third, args[1], "gpu").collectAsList();
    System.out.println(
        THERE_AND_COUNTED
            + OpenDevices.get(DeviceQueries.device()).bytes()
            + " "
            + DeviceQueries.figures().heldBytes());
    third.stop();
  }
}
