package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.cli.ChildJvm;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Prometheus and JMX see of jobs: one of five rows with two bad ones, one of 500 rows, and one
 * that fails.
 */
class JobMetricsTest {
  @TempDir static Path folder;
  private static String printed;
  private static long started;

  @BeforeAll
  static void run() throws Exception {
    started = Instant.now().getEpochSecond();
    ChildJvm.Ended ended =
        ChildJvm.run(JobMetricsSession.class, List.of("-Xmx1g"), folder.toString());
    assertThat(ended.status()).as(ended.output()).isZero();
    printed = ended.output();
  }

  private static double value(String metric) {
    Matcher line =
        Pattern.compile("(?m)^metrics_app_driver_spark_onnx_" + metric + "(\\{.*})? (\\S+)$")
            .matcher(printed);
    assertThat(line.find()).as(metric + " in " + printed).isTrue();
    return Double.parseDouble(line.group(2));
  }

  @ParameterizedTest
  @CsvSource({
    "job_runs_Count, 2",
    "job_failedRuns_Count, 1",
    "job_rows_Count, 505",
    "job_badRows_Count, 2",
    "job_lastRunStatus_Value, 1",
    "badRows_Count, 2",
  })
  void prometheusReads(String metric, double expected) {
    assertThat(value(metric)).isEqualTo(expected);
  }

  @Test
  void prometheusReadsWhenTheLastRunEndedAndHowLongItTook() {
    assertThat(value("job_lastRunTime_Value"))
        .isBetween((double) started, (double) Instant.now().getEpochSecond());
    assertThat(value("job_lastRunSeconds_Value")).isPositive().isLessThan(600);
  }

  @Test
  void prometheusReadsTheRowsAndBatchesOfTheExecutor() {
    assertThat(value("rows_Count")).isBetween(503.0, 505.0);
    assertThat(value("batches_Count")).isGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.driver.spark_onnx.job.rows", "app.driver.spark_onnx.batches"})
  void jmxHasABean(String name) {
    assertThat(printed).contains("bean " + name);
  }
}
