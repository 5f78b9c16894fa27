package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ModelCacheTest {
  private static final int WEIGHTS = 10_000;

  /** Holds four models of {@link #model}. */
  private static final long LIMIT = 4 * bytesOfOne() + 1000;

  private final ModelCache cache = new ModelCache(() -> LIMIT);

  private static Model model(float bias) {
    return Model.load(LinearModel.bytes(bias, new float[WEIGHTS]), LoadOptions.DEFAULT);
  }

  private static long bytesOfOne() {
    return model(0).weightBytes() + ModelCache.PLAN_BYTES;
  }

  private ModelLease acquire(String name) {
    return cache.acquire(new ModelCache.Key(name, ModelForm.WHOLE), () -> model(1), () -> false);
  }

  private static List<String> names(CacheReport report) {
    return report.models().stream().map(CacheReport.Held::sha256).toList();
  }

  @Test
  void fiftyModelsStayWithinTheLimit() {
    for (int query = 0; query < 200; query++) {
      try (ModelLease lease = acquire("model " + query % 50)) {
        assertThat(lease.model().signature().inputs()).hasSize(1);
      }
      assertThat(cache.report().bytes()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(names(cache.report()))
        .containsExactly("model 46", "model 47", "model 48", "model 49");
    assertThat(cache.report().loads()).isEqualTo(200);
    assertThat(cache.report().evictions()).isEqualTo(196);
  }

  @Test
  void theModelUsedLongestAgoGoesFirst() {
    for (String name : List.of("a", "b", "c", "d", "a", "e")) {
      acquire(name).close();
    }
    assertThat(names(cache.report())).containsExactly("c", "d", "a", "e");
  }

  @Test
  void modelsOnLoanStayWhateverTheLimit() {
    List<ModelLease> leases = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      leases.add(acquire("model " + i));
    }
    acquire("idle").close();
    acquire("model 0").close();
    CacheReport full = cache.report();
    assertThat(names(full)).hasSize(6).doesNotContain("idle");
    assertThat(full.bytes()).isGreaterThan(LIMIT);
    assertThat(full.models()).allMatch(held -> held.users() == 1 && held.bytes() > 4 * WEIGHTS);

    leases.forEach(ModelLease::close);
    assertThat(cache.report().bytes()).isLessThanOrEqualTo(LIMIT);
    assertThat(cache.report().models()).hasSize(4).allMatch(held -> held.users() == 0);
  }

  @Test
  void aModelBeyondTheLimitStaysUntilAnotherIsUsed() {
    ModelCache small = new ModelCache(() -> 1000);
    Supplier<Model> load = () -> model(1);
    for (int task = 0; task < 3; task++) {
      small.acquire(new ModelCache.Key("a", ModelForm.WHOLE), load, () -> false).close();
    }
    assertThat(small.report().loads()).isEqualTo(1);
    small.acquire(new ModelCache.Key("b", ModelForm.WHOLE), load, () -> false).close();
    assertThat(names(small.report())).containsExactly("b");
  }

  @Test
  void aLeaseCountsOnceHoweverOftenItIsClosed() {
    ModelLease first = acquire("a");
    ModelLease second = acquire("a");
    first.close();
    first.close();
    assertThat(cache.report().models().get(0).users()).isEqualTo(1);
    second.close();
    assertThat(cache.report().models().get(0).users()).isZero();
  }

  @Test
  void threadsThatAskAtTheSameTimeGetOneModel() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(8);
    Supplier<Model> slow =
        () -> {
          loads.incrementAndGet();
          await(started);
          return model(2);
        };
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<Model>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(
            pool.submit(
                () -> {
                  started.countDown();
                  try (ModelLease lease =
                      cache.acquire(new ModelCache.Key("a", ModelForm.WHOLE), slow, () -> false)) {
                    return lease.model();
                  }
                }));
      }
      Model one = results.get(0).get();
      for (Future<Model> result : results) {
        assertThat(result.get()).isSameAs(one);
      }
    } finally {
      pool.shutdown();
    }
    assertThat(loads).hasValue(1);
    assertThat(cache.report().models().get(0).users()).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aLoadThatFailsLeavesNothingAndTheNextOneSucceeds() {
    Supplier<Model> failing =
        () -> {
          throw new OnnxException(Code.INVALID_MODEL, "broken");
        };
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () -> cache.acquire(new ModelCache.Key("a", ModelForm.WHOLE), failing, () -> false))
          .hasMessage("broken");
      assertThat(cache.report()).isEqualTo(new CacheReport(List.of(), 0, LIMIT, 0, 0));
    }
    try (ModelLease lease = acquire("a")) {
      assertThat(lease.model().signature().outputs()).hasSize(1);
    }
  }

  @Test
  void aThreadThatWaitsForAFailingLoadLoadsItself() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    Supplier<Model> failing =
        () -> {
          loading.countDown();
          await(fail);
          throw new OutOfMemoryError("not enough");
        };
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<ModelLease> first =
          pool.submit(
              () -> cache.acquire(new ModelCache.Key("a", ModelForm.WHOLE), failing, () -> false));
      await(loading);
      Future<ModelLease> second = pool.submit(() -> acquire("a"));
      fail.countDown();
      assertThatThrownBy(first::get).hasRootCauseMessage("not enough");
      second.get().close();
    } finally {
      pool.shutdown();
    }
    assertThat(names(cache.report())).containsExactly("a");
    assertThat(cache.report().models().get(0).users()).isZero();
  }

  /** A load that lasts until it is told to end. */
  private static final class SlowLoad implements Supplier<Model> {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);
    final AtomicInteger loads = new AtomicInteger();

    @Override
    public Model get() {
      loads.incrementAndGet();
      started.countDown();
      ModelCacheTest.await(end);
      return model(3);
    }
  }

  private ModelLease acquire(Supplier<Model> load, BooleanSupplier cancelled) {
    return cache.acquire(new ModelCache.Key("a", ModelForm.WHOLE), load, cancelled);
  }

  private void awaitIdleModel() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (cache.report().models().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(cache.report().models()).singleElement().matches(held -> held.users() == 0);
  }

  @Test
  void aThreadThatWaitsForAnothersLoadCanBeStopped() throws Exception {
    SlowLoad slow = new SlowLoad();
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      Future<?> first = pool.submit(() -> acquire(slow, () -> false).close());
      await(slow.started);
      assertThatThrownBy(() -> acquire(slow, () -> true))
          .hasMessage("stopped while the model is loaded");
      slow.end.countDown();
      first.get();
    } finally {
      pool.shutdown();
    }
    assertThat(cache.report().models().get(0).users()).isZero();
  }

  @Test
  void theThreadThatAskedFirstCanBeStoppedAndOthersGetTheModel() throws Exception {
    SlowLoad slow = new SlowLoad();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      AtomicBoolean killed = new AtomicBoolean();
      Future<ModelLease> first = pool.submit(() -> acquire(slow, killed::get));
      await(slow.started);
      Future<ModelLease> second = pool.submit(() -> acquire(slow, () -> false));
      killed.set(true);
      assertThatThrownBy(() -> first.get(1, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(TimeoutException.class)
          .hasMessageContaining("stopped while the model is loaded");
      slow.end.countDown();
      try (ModelLease lease = second.get(30, TimeUnit.SECONDS)) {
        assertThat(lease.model().signature().inputs()).hasSize(1);
      }
    } finally {
      pool.shutdown();
    }
    assertThat(slow.loads).hasValue(1);
    awaitIdleModel();
  }

  @Test
  void aThreadThatIsInterruptedLeavesTheLoad() throws Exception {
    SlowLoad slow = new SlowLoad();
    ExecutorService pool = Executors.newFixedThreadPool(1);
    Future<ModelLease> first = pool.submit(() -> acquire(slow, () -> false));
    await(slow.started);
    pool.shutdownNow();
    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(InterruptedException.class);
    slow.end.countDown();
    awaitIdleModel();
  }

  @Test
  void aModelWhoseLoadNobodyWaitedForIsThereForTheNextOne() throws Exception {
    SlowLoad slow = new SlowLoad();
    assertThatThrownBy(() -> acquire(slow, () -> true))
        .hasMessage("stopped while the model is loaded");
    assertThat(cache.report().models()).isEmpty();
    slow.end.countDown();
    awaitIdleModel();
    acquire(slow, () -> false).close();
    assertThat(slow.loads).hasValue(1);
  }

  @Test
  void aLoadThatFailsWhenNobodyWaitsLeavesNothing() throws Exception {
    CountDownLatch fail = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    Supplier<Model> failing =
        () -> {
          thread.set(Thread.currentThread());
          await(fail);
          throw new OnnxException(Code.INVALID_MODEL, "broken");
        };
    assertThatThrownBy(() -> acquire(failing, () -> true))
        .hasMessage("stopped while the model is loaded");
    fail.countDown();
    thread.get().join(TimeUnit.SECONDS.toMillis(30));
    assertThat(cache.report()).isEqualTo(new CacheReport(List.of(), 0, LIMIT, 0, 0));
    acquire("a").close();
  }

  @Test
  void whatHangsOnAModelIsToldWhenItIsDroppedAndNotBefore() {
    AtomicInteger told = new AtomicInteger();
    ModelLease lease = acquire("a");
    lease.whenDropped(told::incrementAndGet);
    for (int i = 0; i < 6; i++) {
      acquire("model " + i).close();
    }
    assertThat(told).hasValue(0);
    lease.close();
    for (int i = 0; i < 6; i++) {
      acquire("model " + i).close();
    }
    assertThat(names(cache.report())).doesNotContain("a");
    assertThat(told).hasValue(1);
    assertThatThrownBy(() -> lease.whenDropped(told::incrementAndGet))
        .hasMessage("the lease is closed");
  }

  @Test
  void whoDropsIdleModelsWaitsForThoseThatOthersDrop() throws Exception {
    CountDownLatch drop = new CountDownLatch(1);
    CountDownLatch dropping = new CountDownLatch(1);
    ModelLease lease = acquire("a");
    lease.whenDropped(
        () -> {
          dropping.countDown();
          await(drop);
        });
    lease.close();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<?> first = pool.submit(this::dropAll);
      await(dropping);
      Future<?> second = pool.submit(this::dropAll);
      assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      drop.countDown();
      first.get(30, TimeUnit.SECONDS);
      second.get(30, TimeUnit.SECONDS);
    } finally {
      pool.shutdownNow();
    }
  }

  private Void dropAll() throws InterruptedException {
    cache.dropIdle(model -> true);
    return null;
  }

  @Test
  void theReportReadsAsOneLine() {
    try (ModelLease lease = acquire("a")) {
      assertThat(cache.report().toString())
          .isEqualTo(
              "1 models hold %d of %d bytes, 1 of them in use; 1 loads, 0 evictions"
                  .formatted(bytesOfOne(), LIMIT));
      assertThat(lease.model()).isNotNull();
    }
  }
}
