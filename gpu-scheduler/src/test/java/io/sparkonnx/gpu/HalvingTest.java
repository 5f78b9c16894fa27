package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.gpu.GpuException.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that are made again with fewer rows. */
class HalvingTest {
  private static final class NoMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoMemory(int rows) {
      super("no memory for " + rows + " rows");
    }
  }

  private final List<String> discarded = new ArrayList<>();
  private final Halving<String> halving =
      new Halving<>(failure -> failure instanceof NoMemory, discarded::add);

  /** A device with memory for so many rows. */
  private static Halving.Batch<String> device(int memory) {
    return (from, to) -> {
      if (to - from > memory) {
        throw new NoMemory(to - from);
      }
      return from + "-" + to;
    };
  }

  @Test
  void rowsThatFitRunAtOnce() throws InterruptedException {
    assertThat(halving.run(17, device(17))).containsExactly("0-17");
    assertThat(halving.retries()).isZero();
  }

  @Test
  void noRowsAreNoRun() throws InterruptedException {
    assertThat(halving.run(0, device(0))).isEmpty();
  }

  @Test
  void rowsThatDoNotFitRunInOrderByHalves() throws InterruptedException {
    assertThat(halving.run(17, device(5))).containsExactly("0-5", "5-10", "10-15", "15-17");
    assertThat(halving.retries()).isEqualTo(2);
  }

  @Test
  void oneRowAtATimeIsTheLastResort() throws InterruptedException {
    assertThat(halving.run(3, device(1))).containsExactly("0-1", "1-2", "2-3");
  }

  @Test
  void laterBatchesStartWithWhatFitted() throws InterruptedException {
    halving.run(16, device(4));
    assertThat(halving.rowLimit()).isEqualTo(4);
    assertThat(halving.run(6, device(4))).containsExactly("0-4", "4-6");
    assertThat(halving.retries()).isEqualTo(2);
  }

  @Test
  void memoryThatIsLostInTheMiddleHalvesTheRest() throws InterruptedException {
    assertThat(halving.run(8, (from, to) -> device(from < 4 ? 4 : 2).run(from, to)))
        .containsExactly("0-4", "4-6", "6-8");
    assertThat(halving.retries()).isEqualTo(2);
  }

  @Test
  void oneRowWithoutMemoryFailsWithItsCauseAndFigures() {
    assertThatThrownBy(() -> halving.run(5, device(0)))
        .hasMessage(
            "row 0 of 5 alone has no memory on the device, after 3 halvings: no memory for 1 rows")
        .hasCauseInstanceOf(NoMemory.class)
        .extracting("code")
        .isEqualTo(Code.OUT_OF_MEMORY);
  }

  @Test
  void earlierResultsAreDiscardedWhenALaterBatchFails() {
    assertThatThrownBy(() -> halving.run(6, (from, to) -> device(from < 4 ? 2 : 0).run(from, to)))
        .hasMessageStartingWith("row 4 of 6 alone");
    assertThat(discarded).containsExactly("0-2", "2-4");
  }

  @Test
  void otherFailuresComeAsTheyAre() {
    RuntimeException lost = new IllegalStateException("device lost");
    assertThatThrownBy(
            () ->
                halving.run(
                    8,
                    (from, to) -> {
                      throw lost;
                    }))
        .isSameAs(lost);
    assertThat(halving.retries()).isZero();
  }
}
