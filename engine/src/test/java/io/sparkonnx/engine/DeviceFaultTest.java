package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.FaultyDriver;
import io.sparkonnx.engine.device.FaultyDriver.Fault;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks on a device that fails: memory that is not there, a loss, work that does not end. */
@Timeout(120)
class DeviceFaultTest {
  private static final long BLOCK_BYTES = 100_000;
  private static final int MEM_OBJECT_ALLOCATION_FAILURE = -4;
  private static final int OUT_OF_RESOURCES = -5;
  private static final int STOPS = 3;
  private static final Duration LIMIT = Duration.ofMillis(200);

  private final FaultyDriver driver = new FaultyDriver();

  private static DeviceTarget target(Device device) {
    return new DeviceTarget(device, BLOCK_BYTES);
  }

  /** Rows for a few blocks. */
  private static int rows(String network) {
    return network.equals("mlp") ? 70 : 12;
  }

  private static Model load(String network, Device device) {
    return DeviceRuns.load(network, target(device));
  }

  private static float[] run(Session session, String network) {
    return DeviceRuns.floats(session.run(DeviceRuns.input(network, rows(network))));
  }

  private static DeviceException failure(Session session, String network) {
    return catchThrowableOfType(DeviceException.class, () -> run(session, network));
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, ALLOCATION",
    "mlp, COMMITMENT",
    "convolution, ALLOCATION",
    "convolution, COMMITMENT",
    "digits, ALLOCATION"
  })
  void memoryMissingAtAnyAllocationFailsTheRunAndNothingElse(String network, Fault fault) {
    float[] expected = DeviceRuns.onCpu(network, rows(network));
    try (Device device = driver.open()) {
      int n = 0;
      for (boolean fired = true; fired; ) {
        int opened = driver.liveBuffers();
        try (Model model = load(network, device);
            Session session = model.newSession()) {
          driver.plan(fault, ++n, MEM_OBJECT_ALLOCATION_FAILURE);
          Throwable thrown = catchThrowable(() -> run(session, network));
          fired = driver.fired();
          driver.resume();
          if (fired) {
            assertThat(((DeviceException) thrown).code())
                .as("at allocation %s", n)
                .isEqualTo(DeviceException.Code.OUT_OF_MEMORY);
          } else {
            assertThat(thrown).isNull();
          }
          assertThat(run(session, network)).as("after allocation %s", n).containsExactly(expected);
        }
        assertThat(device.bytes()).as("bytes after allocation %s", n).isZero();
        assertThat(driver.liveBuffers()).as("buffers after allocation %s", n).isEqualTo(opened);
      }
      assertThat(n).isGreaterThan(4);
      assertThat(device.failure()).isNull();
    }
    assertThat(driver.live()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"PINNING", "MAPPING"})
  void withoutPinnedMemoryTransfersGoThroughOther(Fault fault) {
    try (Device device = driver.open()) {
      driver.plan(fault, 1, MEM_OBJECT_ALLOCATION_FAILURE);
      try (Model model = load("mlp", device);
          Session session = model.newSession()) {
        assertThat(run(session, "mlp")).containsExactly(DeviceRuns.onCpu("mlp", rows("mlp")));
      }
      assertThat(device.failure()).isNull();
    }
    assertThat(driver.live()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, COMMAND",
    "mlp, LATE_COMMAND",
    "convolution, COMMAND",
    "convolution, LATE_COMMAND"
  })
  void memoryMissingAtAnyCommandLeavesTheWeightsAlone(String network, Fault fault) {
    float[] expected = DeviceRuns.onCpu(network, rows(network));
    try (Device device = driver.open();
        Model model = load(network, device)) {
      try (Session warm = model.newSession()) {
        run(warm, network);
      }
      long weights = device.bytes();
      int live = driver.live();
      int n = 0;
      for (boolean fired = true; fired; ) {
        try (Session session = model.newSession()) {
          driver.plan(fault, ++n, OUT_OF_RESOURCES);
          Throwable thrown = catchThrowable(() -> run(session, network));
          fired = driver.fired();
          driver.resume();
          if (fired) {
            assertThat(((DeviceException) thrown).code())
                .as("at command %s", n)
                .isEqualTo(DeviceException.Code.OUT_OF_MEMORY);
            assertThat(device.bytes()).as("bytes after command %s", n).isEqualTo(weights);
            assertThat(driver.live()).as("objects after command %s", n).isEqualTo(live);
          } else {
            assertThat(thrown).isNull();
          }
          assertThat(run(session, network)).as("after command %s", n).containsExactly(expected);
        }
        assertThat(device.bytes()).isEqualTo(weights);
        assertThat(driver.live()).isEqualTo(live);
      }
      assertThat(n).isGreaterThan(10);
    }
    assertThat(driver.live()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"mlp, -5", "mlp, -36", "convolution, -9999"})
  void aLossAtAnyCommandFailsThisAndEveryLaterRun(String network, int status) {
    int n = 0;
    for (boolean fired = true; fired; ) {
      Device device = driver.open();
      Model model = load(network, device);
      Session session = model.newSession();
      driver.plan(Fault.LOSS, ++n, status);
      DeviceException first = failure(session, network);
      fired = driver.fired();
      if (fired) {
        assertThat(first.code()).as("at command %s", n).isEqualTo(DeviceException.Code.LOST);
        assertThat(device.failure().code()).isEqualTo(DeviceException.Code.LOST);
        assertThat(failure(session, network))
            .hasMessage(device.failure().getMessage())
            .hasCause(device.failure());
      } else {
        driver.resume();
        assertThat(first).isNull();
      }
      session.close();
      model.close();
      assertThat(device.bytes()).isZero();
      device.close();
      driver.resume();
      assertThat(driver.live()).as("objects after a loss at command %s", n).isZero();
    }
    assertThat(n).isGreaterThan(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 9, 12, 15, 18})
  void workThatDoesNotEndMarksTheDeviceAndIsLeft(int command) {
    Device device = driver.open();
    Model model = DeviceRuns.load("mlp", target(device).withCommandLimit(LIMIT));
    Session session = model.newSession();
    driver.plan(Fault.HANG, command, 0);
    long start = System.nanoTime();
    assertThat(failure(session, "mlp").code()).isEqualTo(DeviceException.Code.HUNG);
    assertThat(failure(session, "mlp").code()).isEqualTo(DeviceException.Code.HUNG);
    assertThat(catchThrowableOfType(DeviceException.class, () -> device.allocate(4)).code())
        .isEqualTo(DeviceException.Code.HUNG);
    long held = device.bytes();
    assertThat(held).isPositive();
    session.close();
    model.close();
    device.close();
    assertThat(device.bytes()).isEqualTo(held);
    assertThat(device.unfinishedQueues()).isEqualTo(1);
    assertThat(System.nanoTime() - start).isLessThan(LIMIT.plusSeconds(10).toNanos());
  }

  /** The best of a few times counts, since this machine may have other work. */
  @ParameterizedTest
  @CsvSource({"false, 3", "false, 20", "true, 3", "true, 20"})
  void aRunThatIsStoppedDuringAWaitEndsAtOnceAndGivesAllBackLater(boolean interrupt, int command)
      throws InterruptedException {
    float[] expected = DeviceRuns.onCpu("convolution", rows("convolution"));
    try (Device device = driver.open();
        Model model = load("convolution", device)) {
      try (Session warm = model.newSession()) {
        run(warm, "convolution");
      }
      long weights = device.bytes();
      int live = driver.live();
      long best = Long.MAX_VALUE;
      for (int attempt = 0; attempt < STOPS; attempt++) {
        try (Session session = model.newSession()) {
          driver.plan(Fault.HANG, command, 0);
          best = Math.min(best, nanosToStop(session, interrupt));
          assertThat(device.unfinishedQueues()).isEqualTo(1);
          assertThat(device.bytes()).isGreaterThan(weights);
          driver.resume();
          DeviceRuns.await(() -> device.bytes() == weights);
          assertThat(driver.live()).isEqualTo(live);
          assertThat(run(session, "convolution")).containsExactly(expected);
        }
        assertThat(device.bytes()).isEqualTo(weights);
      }
      assertThat(best).isLessThan(100_000_000L);
    }
    assertThat(driver.live()).isZero();
  }

  @Test
  void theDeviceIsReleasedWhenTheWorkOfAStoppedRunHasEnded() throws InterruptedException {
    try (Device device = driver.open();
        Model model = load("convolution", device)) {
      DeviceRelease release;
      try (Session session = model.newSession()) {
        driver.plan(Fault.HANG, 20, 0);
        nanosToStop(session, false);
        release = session.releaseDevice();
        assertThat(release.isDone()).isFalse();
        driver.resume();
        run(session, "convolution");
        assertThat(session.releaseDevice().isDone()).isTrue();
      }
      DeviceRuns.await(release::isDone);
    }
  }

  @Test
  void workOfAStoppedRunThatDoesNotEndMarksTheDevice() throws InterruptedException {
    Device device = driver.open();
    Duration limit = LIMIT.multipliedBy(10);
    Model model = DeviceRuns.load("convolution", target(device).withCommandLimit(limit));
    Session session = model.newSession();
    driver.plan(Fault.HANG, 20, 0);
    nanosToStop(session, false);
    DeviceRelease release = session.releaseDevice();
    session.close();
    model.close();
    assertThat(device.failure()).isNull();
    DeviceRuns.await(() -> !release.isDone() && device.failure() != null);
    assertThat(catchThrowableOfType(DeviceException.class, release::isDone).code())
        .isEqualTo(DeviceException.Code.HUNG);
    device.close();
  }

  /** Runs until another thread stops the run; how long it took to stop. */
  private long nanosToStop(Session session, boolean interrupt) throws InterruptedException {
    AtomicBoolean cancelled = new AtomicBoolean();
    AtomicLong stopped = new AtomicLong();
    Thread caller = Thread.currentThread();
    Thread stopper =
        new Thread(
            () -> {
              awaitFault();
              stopped.set(System.nanoTime());
              cancelled.set(true);
              if (interrupt) {
                caller.interrupt();
              }
            });
    stopper.start();
    RunOptions options =
        interrupt ? RunOptions.DEFAULT : RunOptions.DEFAULT.withCancelled(cancelled::get);
    OnnxException e =
        catchThrowableOfType(
            OnnxException.class,
            () -> session.run(DeviceRuns.input("convolution", rows("convolution")), options));
    long nanos = System.nanoTime() - stopped.get();
    assertThat(Thread.interrupted()).isEqualTo(interrupt);
    stopper.join();
    assertThat(e.code()).isEqualTo(OnnxException.Code.CANCELLED);
    return nanos;
  }

  /** Some time behind the fault. */
  private void awaitFault() {
    DeviceRuns.await(driver::fired);
    LockSupport.parkNanos(50_000_000);
  }
}
