package io.sparkonnx.spark.exec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which errors of bad rows are kept. */
class BadRowSamplesTest {
  private final BadRowSamples samples = new BadRowSamples();

  @Test
  void theFirstFiveAreKept() {
    for (int i = 1; i <= 7; i++) {
      samples.add("row " + i);
    }
    assertThat(samples.value().lines())
        .containsExactly("row 1", "row 2", "row 3", "row 4", "row 5");
  }

  @Test
  void eachIsOneLine() {
    samples.add("row 1:\nα\r\nβ");
    assertThat(samples.value()).isEqualTo("row 1: α β");
  }

  @Test
  void longOnesAreCut() {
    samples.add("x".repeat(10_000));
    assertThat(samples.value()).hasSize(401).endsWith("x…");
  }

  @Test
  void thoseOfAnotherTaskFollow() {
    samples.add("row 1");
    BadRowSamples other = new BadRowSamples();
    other.add("row 2");
    samples.merge(other);
    assertThat(samples.value()).isEqualTo("row 1\nrow 2");
  }

  @Test
  void aCopyIsApart() {
    samples.add("row 1");
    samples.copy().reset();
    assertThat(samples.isZero()).isFalse();
  }
}
