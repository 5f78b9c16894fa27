package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.cli.ChildJvm;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications one after the other in one JVM, each with what it may use of a device. */
class DeviceContextsIT {
  @TempDir static Path folder;

  private static String output;

  @BeforeAll
  static void runSessions() throws Exception {
    TestExecutorDevices.require();
    String other = TestModel.linear(1, new float[16]).write(folder, "other.onnx");
    String layers = DeviceQueries.layers(folder);
    Ended ended =
        ChildJvm.run(DeviceContextsSession.class, List.of("-Xmx1g"), layers, other, "40k");
    assertThat(ended.status()).as(ended.output()).isZero();
    output = ended.output();
  }

  private static long[] figures(String name) {
    String line = output.lines().filter(text -> text.startsWith(name)).findFirst().orElseThrow();
    String[] words = line.substring(name.length()).split(" ");
    long[] figures = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      figures[i] = Long.parseLong(words[i]);
    }
    return figures;
  }

  @Test
  void rowsGetTheSameBitsInEachOfThem() {
    assertThat(output)
        .contains(DeviceContextsSession.SAME_RESULTS + "true")
        .doesNotContain(DeviceContextsSession.SAME_RESULTS + "false");
  }

  @Test
  void aModelIsCutIntoBlocksForTheBudgetOfTheApplicationThatRuns() {
    assertThat(figures(DeviceContextsSession.RETRIES)).containsExactly(0);
    long[] peakAndBudget = figures(DeviceContextsSession.PEAK_AND_BUDGET);
    assertThat(peakAndBudget[1]).isEqualTo(40 << 10);
    assertThat(peakAndBudget[0]).isPositive().isLessThanOrEqualTo(peakAndBudget[1]);
  }

  @Test
  void weightsOfEarlierApplicationsAreNotOnTheDeviceUncounted() {
    long[] thereAndCounted = figures(DeviceContextsSession.THERE_AND_COUNTED);
    assertThat(thereAndCounted[0]).isPositive().isEqualTo(thereAndCounted[1]);
  }
}
