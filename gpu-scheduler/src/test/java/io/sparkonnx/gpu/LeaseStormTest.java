package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real threads that ask, give up, are interrupted, close once or twice, and count for themselves
 * the bytes that are in use. Their number of operations is fixed, the order is the machine's.
 */
@Timeout(60)
class LeaseStormTest {
  private static final int THREADS = 8;
  private static final int OPERATIONS = 2500;
  private static final Map<String, Long> BUDGETS = Map.of("a", 100L, "b", 60L);

  private final DeviceLeases leases =
      new DeviceLeases(
          List.of(
              DeviceBudget.ofBytes("a", 1000, BUDGETS.get("a"), 0),
              DeviceBudget.ofBytes("b", 1000, BUDGETS.get("b"), 0)));
  private final Map<String, AtomicLong> used = Map.of("a", new AtomicLong(), "b", new AtomicLong());
  private final AtomicLong overBudget = new AtomicLong();
  private final AtomicLong granted = new AtomicLong();

  @Test
  void nothingIsLostOrGivenTwice() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int task = 0; task < THREADS; task++) {
        Random random = new Random(task);
        tasks.add(threads.submit(() -> storm(random)));
      }
      for (Future<?> task : tasks) {
        task.get(50, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(overBudget).hasValue(0);
    assertThat(leases.waiting()).isZero();
    for (String device : BUDGETS.keySet()) {
      assertThat(leases.figures(device).heldBytes()).isZero();
      assertThat(leases.figures(device).leases()).isZero();
      assertThat(leases.figures(device).peakBytes()).isLessThanOrEqualTo(BUDGETS.get(device));
    }
    assertThat(leases.figures("a").granted() + leases.figures("b").granted())
        .isGreaterThanOrEqualTo(granted.get());
    assertThat(granted.get()).isGreaterThan(THREADS * OPERATIONS / 4);
  }

  private void storm(Random random) {
    for (int i = 0; i < OPERATIONS; i++) {
      LeaseRequest request =
          LeaseRequest.ofAny(
              random.nextBoolean() ? List.of("a", "b") : List.of("a"),
              1 + random.nextInt(70),
              random.nextInt(10));
      int kind = random.nextInt(4);
      if (kind == 0) {
        request = request.within(Duration.ofNanos(random.nextInt(200_000)));
      } else if (kind == 1) {
        int polls = random.nextInt(2);
        int[] asked = {0};
        request = request.cancelledBy(() -> asked[0]++ >= polls).within(Duration.ofMillis(1));
      } else if (kind == 2 && random.nextInt(4) == 0) {
        Thread.currentThread().interrupt();
      }
      use(request, random);
    }
  }

  private void use(LeaseRequest request, Random random) {
    try (Lease lease = leases.acquire(request)) {
      granted.incrementAndGet();
      AtomicLong bytes = used.get(lease.device());
      if (bytes.addAndGet(lease.bytes()) > BUDGETS.get(lease.device())) {
        overBudget.incrementAndGet();
      }
      if (random.nextInt(4) == 0) {
        Thread.yield();
      }
      bytes.addAndGet(-lease.bytes());
      if (random.nextBoolean()) {
        lease.close();
      }
    } catch (GpuException gaveUp) {
      assertThat(gaveUp.code()).isIn(GpuException.Code.CANCELLED, GpuException.Code.TIMED_OUT);
    } catch (InterruptedException interrupted) {
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    } finally {
      Thread.interrupted();
    }
  }
}
