package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.cli.ChildJvm;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks of two cores. */
class TaskCoresIT {
  @TempDir static Path folder;

  private static String output;

  @BeforeAll
  static void runSession() throws Exception {
    Ended ended = ChildJvm.run(TaskCoresSession.class, List.of("-Xmx1g"), product());
    assertThat(ended.status()).as(ended.output()).isZero();
    output = ended.output();
  }

  private static String product() {
    float[] weights = new float[64 * 256];
    Random random = new Random(3);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", 64)
        .floats("w", weights, 64, 256)
        .node("MatMul", List.of("x", "w"), List.of("h"))
        .node("Tanh", List.of("h"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 256)
        .write(folder, "product.onnx");
  }

  @Test
  void bothCoresShareTheRowsOfATask() {
    assertThat(output).contains(TaskCoresSession.THREADS_TOOK_PART + "by default true");
  }

  @Test
  void oneThreadIsOneThread() {
    assertThat(output).contains(TaskCoresSession.THREADS_TOOK_PART + "alone false");
  }

  @Test
  void resultsAreTheSame() {
    assertThat(output).contains(TaskCoresSession.SAME_RESULTS + "true");
  }

  @Test
  void moreThreadsThanCoresAreRefused() {
    assertThat(output)
        .contains(TaskCoresSession.REFUSED + "[ONNX_OPTIONS]")
        .contains("option threads is 3, but a task has 2 cores, which spark.task.cpus sets");
  }
}
