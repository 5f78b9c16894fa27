package io.sparkonnx.spark;

import io.sparkonnx.gpu.DeviceFigures;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Eight tasks at once on a device that has room for two of their batches; tells what happened. The
 * arguments are a model, the bytes of the device and the rows of a batch.
 */
public final class DeviceTasksSession {
  static final String SAME_RESULTS = "SAME RESULTS ";
  static final String PEAK = "PEAK ";
  static final String LEFT = "LEFT ";
  static final String WAITS = "WAITS ";
  static final int TASKS = 8;

  private static final int ROWS_OF_TASK = 6000;

  private DeviceTasksSession() {}

  /** The time that each task waited for the device's memory. */
  private static final class Waits extends SparkListener {
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      for (AccumulableInfo metric : CollectionConverters.asJava(end.taskInfo().accumulables())) {
        if (metric.name().contains("time to wait for device memory")) {
          nanos.add(Long.parseLong(String.valueOf(metric.update().get())));
        }
      }
    }
  }

  private static String call(String model, String device, String rows) {
    return String.format(
        Locale.ROOT,
        "onnx_predict('%s', xs, named_struct('device', '%s', 'batch_size', %s)) y",
        model,
        device,
        rows);
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + TASKS + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.extensions", OnnxExtensions.class.getName())
            .config("spark.onnx.gpu.memory", args[1])
            .getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    Dataset<Row> rows =
        spark
            .range(0, TASKS * ROWS_OF_TASK, 1, TASKS)
            .selectExpr("id", "transform(sequence(1, 64), i -> float(sin(id * i))) xs");
    rows.selectExpr(call(args[0], "gpu", args[2])).limit(1).collectAsList();
    Waits waits = new Waits();
    spark.sparkContext().addSparkListener(waits);
    List<Row> there = rows.selectExpr("id", call(args[0], "gpu", args[2])).collectAsList();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    spark.sparkContext().removeSparkListener(waits);
    DeviceFigures figures =
        ExecutorDevices.current()
            .leases()
            .figures(ExecutorDevices.current().leases().budgets().get(0).device());
    List<Row> alone =
        rows.coalesce(1).selectExpr("id", call(args[0], "gpu", args[2])).collectAsList();
    System.out.println(SAME_RESULTS + there.equals(alone) + " " + there.size());
    System.out.println(PEAK + figures.peakBytes() + " " + figures.budgetBytes());
    System.out.println(
        LEFT + (figures.heldBytes() - figures.residentBytes()) + " " + figures.waiting());
    long most = Collections.max(waits.nanos);
    double mean = waits.nanos.stream().mapToLong(nanos -> nanos).average().orElseThrow();
    System.out.println(WAITS + waits.nanos.size() + " " + most + " " + mean);
    spark.stop();
  }
}
