package io.sparkonnx.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much of the transfers' time kernels hide. */
class TimelineTest {
  private final Timeline timeline = new Timeline();

  private void assertTimes(long kernels, long transfers, long overlap) {
    assertThat(timeline.times()).isEqualTo(new DeviceTimes(kernels, transfers, overlap));
  }

  @Test
  void transfersBeforeAndAfterAKernelAreNotHidden() {
    timeline.transfer(0, 10);
    timeline.kernel(10, 30);
    timeline.transfer(30, 35);
    assertTimes(20, 15, 0);
    assertThat(timeline.times().overlap()).isZero();
  }

  @Test
  void aTransferThatIsToldBeforeTheKernelItOverlapsIsHidden() {
    timeline.transfer(12, 18);
    timeline.kernel(10, 30);
    assertTimes(20, 6, 6);
    assertThat(timeline.times().overlap()).isEqualTo(1);
  }

  @Test
  void aTransferThatIsToldAfterTheKernelsItOverlapsIsHiddenByEach() {
    timeline.kernel(0, 10);
    timeline.kernel(10, 20);
    timeline.kernel(25, 40);
    timeline.transfer(5, 30);
    assertTimes(35, 25, 20);
    assertThat(timeline.times().overlap()).isEqualTo(0.8);
  }

  @Test
  void aTransferThatSeveralKernelsOverlapIsCountedOnceForEach() {
    timeline.transfer(0, 20);
    timeline.kernel(0, 10);
    timeline.transfer(20, 40);
    timeline.kernel(10, 30);
    timeline.kernel(30, 35);
    assertTimes(35, 40, 35);
  }

  @Test
  void withoutTransfersNothingIsHidden() {
    timeline.kernel(0, 10);
    assertTimes(10, 0, 0);
    assertThat(timeline.times().overlap()).isZero();
  }
}
