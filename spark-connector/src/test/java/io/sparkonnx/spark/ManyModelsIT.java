package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.ManyModelsSession.State;
import io.sparkonnx.spark.cli.ChildJvm;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small JVM stays small when one session runs 200 queries with 50 models. */
class ManyModelsIT {
  /** Far less than one pass over the models would leave behind. */
  private static final long HEAP_NOISE = 8 << 20;

  @TempDir static Path folder;

  private static List<State> states;

  @BeforeAll
  static void runSession() throws Exception {
    Ended ended = ChildJvm.run(ManyModelsSession.class, List.of("-Xmx500m"), folder.toString());
    assertThat(ended.status()).as(ended.output()).isZero();
    states =
        ended
            .output()
            .lines()
            .filter(line -> line.startsWith(ManyModelsSession.STATE))
            .map(State::parse)
            .toList();
    assertThat(states).extracting(State::queries).containsExactly(50L, 100L, 150L, 200L);
  }

  private static State after(int queries) {
    return states.get(queries / 50 - 1);
  }

  @Test
  void theLiveHeapDoesNotGrow() {
    assertThat(after(200).heap()).as("%s", states).isLessThan(after(100).heap() + HEAP_NOISE);
  }

  @Test
  void broadcastsOfPastQueriesAreRemoved() {
    int ofModels = 2 * ManyModelsSession.MODELS;
    assertThat(states).allMatch(state -> state.blocks() <= ofModels + 20);
    assertThat(after(200).blocks()).as("%s", states).isLessThanOrEqualTo(after(100).blocks() + 10);
  }

  @Test
  void compiledModelsStayWithinTheLimitAndNobodyHasThemOnLoan() {
    assertThat(states)
        .allMatch(state -> state.cached() > 1)
        .allMatch(state -> state.cache() <= ManyModelsSession.CACHE_BYTES)
        .allMatch(state -> state.users() == 0);
  }

  @Test
  void storageMemoryIsThatOfCompiledModels() {
    assertThat(states)
        .allMatch(state -> state.weights() > 0)
        .allMatch(state -> state.weights() <= state.cache());
  }

  @Test
  void executionMemoryIsGivenBack() {
    assertThat(states).allMatch(state -> state.execution() == 0);
  }

  @Test
  void arrowHasNoBuffersAndNoAllocatorsLeft() {
    assertThat(states).allMatch(state -> state.arrow() == 0 && state.allocators() == 0);
  }
}
