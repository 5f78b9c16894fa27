package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Eight tasks, each on its thread, on a device whose memory fits two batches. */
@Timeout(60)
class FairnessTest {
  private static final int TASKS = 8;
  private static final int BATCHES = 50;
  private static final long BATCH_BYTES = 480;
  private static final long BUDGET = 1000;
  private static final long MS = 1_000_000;

  private final VirtualTime time = new VirtualTime();
  private final DeviceLeases leases =
      new DeviceLeases(
          List.of(DeviceBudget.ofBytes("gpu", 2000, BUDGET, 0)), DeviceLeases.DEFAULT_PASSES, time);
  private final List<List<Long>> waits = new ArrayList<>();

  @BeforeEach
  void allTasksFinish() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(TASKS);
    time.start(TASKS, leases::waiting);
    try {
      List<Future<List<Long>>> tasks = new ArrayList<>();
      for (int task = 0; task < TASKS; task++) {
        int attempt = task;
        tasks.add(threads.submit(() -> run(attempt)));
      }
      for (Future<List<Long>> task : tasks) {
        waits.add(task.get(50, TimeUnit.SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Decodes rows for 2 ms and computes for 10 ms, again and again; returns what each lease waited.
   */
  private List<Long> run(int attempt) throws InterruptedException {
    List<Long> waited = new ArrayList<>();
    try {
      for (int batch = 0; batch < BATCHES; batch++) {
        time.pause(2 * MS);
        try (Lease lease = leases.acquire(LeaseRequest.of("gpu", BATCH_BYTES, attempt))) {
          waited.add(lease.waitedNanos());
          time.pause(10 * MS);
        }
      }
    } finally {
      time.leave();
    }
    return waited;
  }

  private static double maxToMean(long[] values) {
    return Arrays.stream(values).max().orElseThrow()
        / Arrays.stream(values).average().orElseThrow();
  }

  @Test
  void allBatchesOfAllTasksRun() {
    assertThat(waits).allSatisfy(task -> assertThat(task).hasSize(BATCHES));
    assertThat(leases.figures("gpu").granted()).isEqualTo(TASKS * BATCHES);
    assertThat(leases.figures("gpu").heldBytes()).isZero();
  }

  @Test
  void thePeakIsTwoBatchesAndUnderTheBudget() {
    assertThat(leases.figures("gpu").peakBytes()).isEqualTo(2 * BATCH_BYTES).isLessThan(BUDGET);
  }

  @Test
  void theDeviceIsBusyFromBeginningToEnd() {
    long busy = TASKS * BATCHES * 10 * MS / 2;
    assertThat(time.nanoTime()).isBetween(busy, busy + busy / 20);
  }

  @Test
  void noLeaseWaitsThreeTimesAsLongAsTheMean() {
    long[] all = waits.stream().flatMap(List::stream).mapToLong(wait -> wait).toArray();
    assertThat(maxToMean(all)).isBetween(1.0, 3.0);
  }

  @Test
  void noTaskWaitsThreeTimesAsLongAsTheMean() {
    long[] perTask =
        waits.stream().mapToLong(task -> task.stream().mapToLong(wait -> wait).sum()).toArray();
    assertThat(maxToMean(perTask)).isBetween(1.0, 3.0);
  }

  @Test
  void theOldestTaskWaitsLess() {
    long oldest = waits.get(0).stream().mapToLong(wait -> wait).sum();
    long youngest = waits.get(TASKS - 1).stream().mapToLong(wait -> wait).sum();
    assertThat(oldest).isLessThan(youngest);
  }
}
