package io.sparkonnx.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How rows become a curve. */
class RowsTimelineTest {
  private static final long START = 1_700_000_000_000L;

  private final RowsTimeline timeline = new RowsTimeline();

  @Test
  void nothingGivesNoStretch() {
    assertThat(timeline.rows().rows()).isEmpty();
  }

  @Test
  void rowsAreSpreadOverTheTimeThatTheyTook() {
    timeline.add(START + 500, START + 2500, 400);
    assertThat(timeline.rows().rows()).containsExactly(100, 200, 100);
    assertThat(timeline.rows().start()).isEqualTo(START);
  }

  @Test
  void rowsOfNoTimeCountWhenTheyCame() {
    timeline.add(START, START, 1);
    timeline.add(START + 1200, START + 1200, 7);
    assertThat(timeline.rows().rows()).containsExactly(1, 7);
  }

  @Test
  void whatCameBeforeTheFirstIsCountedInTheFirstStretch() {
    timeline.add(START + 5000, START + 5100, 3);
    timeline.add(START, START + 100, 4);
    assertThat(timeline.rows().rows()).containsExactly(7);
  }

  @Test
  void longTimesHaveWiderStretches() {
    timeline.add(START, START + 1000, 10);
    timeline.add(START + 3_600_000, START + 3_601_000, 10);
    RowsOverTime rows = timeline.rows();
    assertThat(rows.width()).isEqualTo(16_000);
    assertThat(rows.rows()).hasSize(226).startsWith(10).endsWith(10);
  }

  @Test
  void noRowIsLostHoweverLongItTakes() {
    Random random = new Random(1);
    double all = 0;
    long time = START;
    for (int i = 0; i < 3000; i++) {
      long took = random.nextInt(20_000);
      timeline.add(time, time + took, 17);
      all += 17;
      time += random.nextInt(30_000);
    }
    RowsOverTime rows = timeline.rows();
    assertThat(Arrays.stream(rows.rows()).sum()).isCloseTo(all, within(1e-6 * all));
    assertThat(rows.rows().length).isLessThanOrEqualTo(RowsTimeline.STRETCHES);
  }
}
