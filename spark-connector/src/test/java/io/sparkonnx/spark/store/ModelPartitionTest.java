package io.sparkonnx.spark.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How models are put together into tasks. */
class ModelPartitionTest {
  private static final long MIB = 1 << 20;

  private static List<StoredModel> models(int count, long bytes) {
    return IntStream.range(0, count).mapToObj(i -> new StoredModel("m" + i, bytes)).toList();
  }

  private static int[] sizes(List<StoredModel> models, int tasks) {
    ModelPartition[] partitions = ModelPartition.pack(models, tasks, 128 * MIB, 4 * MIB);
    assertThat(Arrays.stream(partitions).flatMap(partition -> partition.models().stream()))
        .containsExactlyInAnyOrderElementsOf(models);
    return Arrays.stream(partitions).mapToInt(partition -> partition.models().size()).toArray();
  }

  @Test
  void smallModelsShareATask() {
    assertThat(sizes(models(20, 1000), 2)).containsExactly(10, 10);
  }

  @Test
  void fewModelsAreSpreadOverTheTasks() {
    assertThat(sizes(models(2, 10 * MIB), 8)).containsExactly(1, 1);
  }

  @Test
  void noTaskGetsMoreThanSparkGivesToOne() {
    assertThat(sizes(models(8, 60 * MIB), 1)).containsExactly(2, 2, 2, 2);
  }

  @Test
  void aModelIsNeverSplit() {
    assertThat(sizes(models(1, 1000 * MIB), 8)).containsExactly(1);
  }

  @Test
  void nothingNeedsNoTask() {
    assertThat(sizes(List.of(), 8)).isEmpty();
  }
}
