package io.sparkonnx.spark;

import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.Lease;
import io.sparkonnx.gpu.LeaseRequest;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import io.sparkonnx.gpu.spark.OnnxGpuPlugin;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FormattedMode$;

/**
 * A session that decides between CPU and device by what its executor measured; prints what EXPLAIN
 * says before, after the first and after the second execution. The argument is a model.
 */
public final class DeviceAutoSession {
  static final String BEFORE = "BEFORE ";
  static final String FIRST = "FIRST ";
  static final String SECOND = "SECOND ";
  static final String SAME_RESULTS = "SAME RESULTS ";
  static final String TIMES = "TIMES ";

  /** How long the device is held when somebody waits for it first. */
  static final long HELD_NANOS = 5_000_000_000L;

  private DeviceAutoSession() {}

  private static String deviceLine(Dataset<Row> scored) {
    return Evaluations.execution(scored)
        .explainString(FormattedMode$.MODULE$)
        .lines()
        .filter(line -> line.contains("Device: "))
        .findFirst()
        .orElseThrow()
        .strip();
  }

  /** Has whoever asks for the device first wait so long that nothing else takes as long. */
  private static void holdDevice() throws InterruptedException {
    DeviceLeases leases = ExecutorDevices.current().leases();
    DeviceBudget budget = leases.budgets().get(0);
    Lease all = leases.acquire(LeaseRequest.of(budget.device(), budget.bytes(), 0));
    Thread holder =
        new Thread(
            () -> {
              while (leases.waiting() == 0) {
                LockSupport.parkNanos(10_000_000);
              }
              long end = System.nanoTime() + HELD_NANOS;
              while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
              }
              all.close();
            });
    holder.setDaemon(true);
    holder.start();
  }

  /** Nanoseconds of computing, loading, and measuring a device. */
  private static String times(Dataset<Row> scored) {
    return Evaluations.metric(scored, "computeTime")
        + " "
        + Evaluations.metric(scored, "loadTime")
        + " "
        + Evaluations.metric(scored, "deviceTrialTime");
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.extensions", OnnxExtensions.class.getName())
            .config("spark.plugins", OnnxGpuPlugin.class.getName())
            .getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    Dataset<Row> rows =
        spark
            .range(0, 10_000, 1, 2)
            .selectExpr("id", "transform(sequence(1, 64), i -> float(sin(id * i))) xs");
    String call = "onnx_predict('" + args[0] + "', xs, named_struct('batch_size', 500)) y";
    Supplier<Dataset<Row>> query = () -> rows.selectExpr("id", call);
    Dataset<Row> first = query.get();
    System.out.println(BEFORE + deviceLine(first));
    holdDevice();
    var firstRows = first.collectAsList();
    System.out.println(FIRST + deviceLine(first));
    System.out.println(TIMES + times(first));
    Dataset<Row> second = query.get();
    // Reports travel to the driver by themselves.
    for (int i = 0; i < 100 && !deviceLine(second).contains("rows/s"); i++) {
      Thread.sleep(100);
      second = query.get();
      System.out.println(SAME_RESULTS + second.collectAsList().equals(firstRows));
    }
    System.out.println(SECOND + deviceLine(second));
    spark.stop();
  }
}
