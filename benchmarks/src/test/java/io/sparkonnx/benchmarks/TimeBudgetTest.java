package io.sparkonnx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sizes that fit a device's speed. */
class TimeBudgetTest {
  private static final int[] SIZES = {1, 2, 4, 8};

  private static int largest(double limit, double secondsOfOne) {
    return TimeBudget.largest(SIZES, limit, size -> size, size -> size * secondsOfOne);
  }

  @Test
  void aFastDeviceGetsTheLargest() {
    assertThat(largest(1, 0.001)).isEqualTo(8);
  }

  @Test
  void aSlowerOneGetsWhatFits() {
    assertThat(largest(1, 0.2)).isEqualTo(4);
  }

  @Test
  void theSmallestIsTakenWhereNothingFits() {
    assertThat(largest(1, 100)).isEqualTo(1);
  }

  @Test
  void aSizeThatWouldTakeTooLongIsNeverRun() {
    List<Integer> ran = new ArrayList<>();
    TimeBudget.largest(
        SIZES,
        1,
        size -> size,
        size -> {
          ran.add(size);
          return size * 0.4;
        });
    assertThat(ran).containsOnly(1, 2);
  }

  @Test
  void aFirstRunThatBuildsProgramsDoesNotCount() {
    List<Integer> ran = new ArrayList<>();
    int size =
        TimeBudget.largest(
            SIZES,
            1,
            each -> each,
            each -> {
              boolean first = ran.isEmpty();
              ran.add(each);
              return first ? 50 : 0.001;
            });
    assertThat(size).isEqualTo(8);
  }

  @Test
  void aRoundOfShortWorkHasSeveralRuns() {
    assertThat(TimeBudget.runs(0.05)).isEqualTo(4);
    assertThat(TimeBudget.runs(3)).isEqualTo(1);
    assertThat(TimeBudget.runs(0)).isEqualTo(1000);
  }
}
