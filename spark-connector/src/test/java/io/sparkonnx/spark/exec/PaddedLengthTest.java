package io.sparkonnx.spark.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** To which length a sequence is padded. */
class PaddedLengthTest {
  @Test
  void thereAreFourLengthsFromOnePowerOfTwoToTheNext() {
    assertThat(IntStream.rangeClosed(0, 513).map(PaddedLength::of).distinct())
        .containsExactly(
            0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448,
            512, 640);
  }

  @Test
  void aPaddedLengthIsNotPaddedAgainAndNoLengthIsCut() {
    for (int length = 0; length < 10_000; length++) {
      int padded = PaddedLength.of(length);
      assertThat(padded).isGreaterThanOrEqualTo(length);
      assertThat(PaddedLength.of(padded)).isEqualTo(padded);
    }
    assertThat(PaddedLength.of(Integer.MAX_VALUE - 8)).isEqualTo(Integer.MAX_VALUE - 8);
  }
}
