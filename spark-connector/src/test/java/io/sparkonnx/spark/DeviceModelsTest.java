package io.sparkonnx.spark;

import static io.sparkonnx.spark.DeviceQueries.CPU;
import static io.sparkonnx.spark.DeviceQueries.GPU;
import static io.sparkonnx.spark.DeviceQueries.device;
import static io.sparkonnx.spark.DeviceQueries.figures;
import static io.sparkonnx.spark.DeviceQueries.linear;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.device.OpenDevices;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models that stay on a device when the budget, as that of another application, is a new one. */
@ExtendWith(SparkSessionExtension.class)
class DeviceModelsTest {
  @TempDir static Path folder;

  private final SparkSession spark = SparkSessionExtension.session();

  @BeforeEach
  void useAllMemory() {
    TestExecutorDevices.require();
    TestExecutorDevices.useMemory(null);
  }

  @AfterEach
  void forgetBudget() {
    TestExecutorDevices.useMemory(null);
  }

  private Dataset<Row> scored(OnnxModel model, OnnxOptions options) {
    return DeviceQueries.scored(spark, model, options);
  }

  @Test
  void aModelIsCompiledAgainForASmallerBudget() {
    OnnxModel model = linear(folder, 11);
    scored(model, GPU).limit(1).collectAsList();
    TestExecutorDevices.useMemory("40k");
    Dataset<Row> there = scored(model, GPU);
    assertThat(there.collectAsList()).isEqualTo(scored(model, CPU).collectAsList());
    assertThat(Evaluations.metric(there, "numDeviceRetries")).isZero();
    assertThat(figures().peakBytes()).isPositive().isLessThanOrEqualTo(40 << 10);
  }

  @Test
  void weightsThatNoLeaseOfTheNewBudgetCountsLeaveTheDevice() {
    scored(linear(folder, 12), GPU).limit(1).collectAsList();
    assertThat(OpenDevices.get(device()).bytes()).isPositive();
    TestExecutorDevices.useMemory(null);
    scored(linear(folder, 13), GPU).limit(1).collectAsList();
    assertThat(OpenDevices.get(device()).bytes()).isEqualTo(figures().residentBytes());
  }
}
