package io.sparkonnx.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SimdProbeTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void compiledVectorsWinHoweverLongTheyWait() {
    SimdProbe neverLate = new SimdProbe(() -> 0);
    assertThat(neverLate.simdBecomesFaster(SECOND)).isTrue();
  }

  @Test
  void aProbeThatHasUsedUpItsTimeTakesPlainJava() {
    AtomicLong clock = new AtomicLong();
    SimdProbe late = new SimdProbe(() -> clock.getAndAdd(2 * SECOND));
    assertThat(late.simdBecomesFaster(SECOND)).isFalse();
  }
}
