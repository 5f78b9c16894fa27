package io.sparkonnx.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrimedUnaryTest {
  private static final int SLICE = 16;
  private static final UnaryKernel FAST = (f, alpha, beta, x, from, y, to, n) -> add(1, y, to, n);
  private static final UnaryKernel SLOW =
      (f, alpha, beta, x, from, y, to, n) -> {
        long start = System.nanoTime();
        while (System.nanoTime() - start < 20_000) {
          Thread.onSpinWait();
        }
        add(1, y, to, n);
      };

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 33, 4097})
  void everyElementIsComputedOnceWhicheverLoopDoesIt(int length) {
    for (PrimedUnary kernel :
        new PrimedUnary[] {
          new PrimedUnary(FAST, SLOW, SLICE), new PrimedUnary(SLOW, FAST, SLICE)
        }) {
      float[] y = new float[length + 4];
      kernel.apply(UnaryFunction.EXP, 0f, 0f, y, 2, y, 2, length);
      for (int i = 0; i < y.length; i++) {
        assertThat(y[i]).as("element %d", i - 2).isEqualTo(i >= 2 && i < length + 2 ? 1f : 0f);
      }
    }
  }

  @Test
  void vectorsTakeOverWhenTheyAreFaster() {
    PrimedUnary kernel = new PrimedUnary(FAST, SLOW, SLICE);
    float[] y = new float[4097];
    kernel.apply(UnaryFunction.EXP, 0f, 0f, y, 0, y, 0, y.length);
    assertThat(kernel.isReady(UnaryFunction.EXP)).isTrue();
    assertThat(kernel.isReady(UnaryFunction.TANH)).isFalse();
  }

  @Test
  void plainJavaStaysWhileVectorsAreSlower() {
    PrimedUnary kernel = new PrimedUnary(SLOW, FAST, SLICE);
    float[] y = new float[4097];
    kernel.apply(UnaryFunction.EXP, 0f, 0f, y, 0, y, 0, y.length);
    assertThat(kernel.isReady(UnaryFunction.EXP)).isFalse();
  }

  private static void add(float value, float[] y, int offset, int length) {
    for (int i = 0; i < length; i++) {
      y[offset + i] += value;
    }
  }
}
