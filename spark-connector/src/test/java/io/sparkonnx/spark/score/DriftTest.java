package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static List<Double> percentiles(DoubleUnaryOperator ofShare) {
    return IntStream.rangeClosed(1, 99)
        .mapToObj(percent -> ofShare.applyAsDouble(percent / 100.0))
        .toList();
  }

  @Test
  void equalDistributionsHaveNone() {
    List<Double> uniform = percentiles(p -> p);
    assertThat(Drift.psi(uniform, uniform)).isZero();
  }

  @Test
  void aScaleDoesNotMatter() {
    List<Double> before = percentiles(p -> 1000 * p - 3);
    assertThat(Drift.psi(before, before)).isZero();
  }

  /** All of the second run lies in the lower half: five classes go from 0.1 to 0.2, five to 0. */
  @Test
  void halfOfTheClassesEmptied() {
    double expected = 5 * (0.1 * Math.log(2)) + 5 * ((0.001 - 0.1) * Math.log(0.001 / 0.1));
    assertThat(Drift.psi(percentiles(p -> p), percentiles(p -> p / 2)))
        .isCloseTo(expected, within(0.05));
  }

  @Test
  void aConstantThatStaysHasNone() {
    List<Double> constant = Collections.nCopies(99, 7.0);
    assertThat(Drift.psi(constant, constant)).isZero();
  }

  @Test
  void aConstantThatMovesIsALargeOne() {
    assertThat(Drift.psi(Collections.nCopies(99, 7.0), Collections.nCopies(99, 8.0)))
        .isGreaterThan(5);
  }
}
