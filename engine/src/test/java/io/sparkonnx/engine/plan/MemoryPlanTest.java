package io.sparkonnx.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType.Storage;
import io.sparkonnx.engine.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static Buffer floats(long elements, int first, int last) {
    return new Buffer(Storage.FLOAT, Dim.of(elements), first, last);
  }

  private static MemoryPlan solve(List<Buffer> buffers) {
    return MemoryPlan.solve(buffers, name -> 0);
  }

  @Test
  void buffersThatNeverMeetShareTheirPlace() {
    MemoryPlan plan = solve(List.of(floats(64, 0, 1), floats(64, 2, 3)));
    assertThat(plan.offsets()).containsExactly(0, 0);
    assertThat(plan.bytes()).isEqualTo(256);
  }

  @Test
  void buffersThatMeetInOneStepLieApart() {
    MemoryPlan plan = solve(List.of(floats(64, 0, 1), floats(64, 1, 2)));
    assertThat(plan.offsets()).containsExactlyInAnyOrder(0, 64);
  }

  @Test
  void buffersOfDifferentArrayTypesUseDifferentSlabs() {
    MemoryPlan plan = solve(List.of(floats(64, 0, 1), new Buffer(Storage.LONG, Dim.of(64), 0, 1)));
    assertThat(plan.offsets()).containsExactly(0, 0);
  }

  @Test
  void sizesFollowTheBinding() {
    Buffer rows = new Buffer(Storage.FLOAT, Dim.symbol("n").times(32), 0, 1);
    assertThat(MemoryPlan.solve(List.of(rows), Map.of("n", 4L)::get).bytes()).isEqualTo(512);
  }

  @RepeatedTest(50)
  void noTwoLivingBuffersOverlap(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Buffer> buffers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int first = random.nextInt(40);
      buffers.add(floats(random.nextInt(500), first, first + random.nextInt(8)));
    }
    MemoryPlan plan = solve(buffers);
    for (int i = 0; i < buffers.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (buffers.get(i).overlaps(buffers.get(j))) {
          assertThat(apart(plan, buffers, i, j)).as("buffers %d and %d", i, j).isTrue();
        }
      }
    }
  }

  private static boolean apart(MemoryPlan plan, List<Buffer> buffers, int i, int j) {
    int endI = plan.offsets()[i] + (int) buffers.get(i).elements().value();
    int endJ = plan.offsets()[j] + (int) buffers.get(j).elements().value();
    return endI <= plan.offsets()[j] || endJ <= plan.offsets()[i];
  }
}
