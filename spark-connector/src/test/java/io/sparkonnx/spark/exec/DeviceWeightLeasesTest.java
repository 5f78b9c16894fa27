package io.sparkonnx.spark.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.TaskDevice;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.model.CompiledModels;
import io.sparkonnx.spark.model.DriverModels;
import io.sparkonnx.spark.model.ModelAccess;
import io.sparkonnx.spark.model.ModelForm;
import io.sparkonnx.spark.model.ModelLease;
import io.sparkonnx.spark.model.ModelReference;
import io.sparkonnx.spark.model.ShippedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Room for weights on a device of 100 bytes. */
@ExtendWith(SparkSessionExtension.class)
class DeviceWeightLeasesTest {
  @TempDir static Path folder;

  private final SparkSession spark = (SparkSession) SparkSessionExtension.session();
  private final DeviceLeases leases =
      new DeviceLeases(List.of(DeviceBudget.ofBytes("gpu", 1000, 100, 0)));
  private final TaskDevice device = new TaskDevice("gpu", leases, () -> {});
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  /** Models with other numbers have other hashes. */
  private ModelLease model(int number) {
    String path =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 1)
            .node("Identity", List.of("x"), List.of("room" + number))
            .output("room" + number, ElementType.FLOAT, "N", 1)
            .write(folder, number + ".onnx");
    ModelReference model = DriverModels.analyze(path, null, ModelAccess.of(spark)).reference();
    return ShippedModel.ship(model, spark).lease(ModelForm.WHOLE, () -> false);
  }

  private Void hold(ModelLease model) throws InterruptedException {
    DeviceWeightLeases.hold(model, device, 60, () -> false);
    return null;
  }

  @Test
  void weightsInUseLeaveNoRoomForOthers() throws Exception {
    try (ModelLease first = model(1);
        ModelLease second = model(2)) {
      hold(first);
      assertThatThrownBy(() -> hold(second))
          .isInstanceOf(GpuException.class)
          .hasMessageContaining("of which weights take 60 bytes");
    }
  }

  @Test
  void idleWeightsGiveWay() throws Exception {
    try (ModelLease first = model(3)) {
      hold(first);
    }
    try (ModelLease second = model(4)) {
      hold(second);
      assertThat(leases.figures("gpu").residentBytes()).isEqualTo(60);
    }
  }

  @Test
  void weightsThatAnotherThreadIsDroppingAreWaitedFor() throws Exception {
    CountDownLatch dropping = new CountDownLatch(1);
    CountDownLatch drop = new CountDownLatch(1);
    ModelLease first = model(5);
    first.whenDropped(
        () -> {
          dropping.countDown();
          await(drop);
        });
    hold(first);
    first.close();
    try (ModelLease second = model(6)) {
      Future<?> dropper = pool.submit(this::dropAll);
      await(dropping);
      Future<?> holder = pool.submit(() -> hold(second));
      assertThatThrownBy(() -> holder.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      drop.countDown();
      holder.get(30, TimeUnit.SECONDS);
      dropper.get(30, TimeUnit.SECONDS);
      assertThat(leases.figures("gpu").residentBytes()).isEqualTo(60);
    }
  }

  private Void dropAll() throws InterruptedException {
    DeviceWeightLeases.dropIdle("gpu");
    return null;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void weightsThatNoLeaseOfTheApplicationCountsAreDropped() throws Exception {
    try (ModelLease first = model(7)) {
      hold(first);
    }
    long loads = CompiledModels.loads();
    DeviceWeightLeases.dropUncounted(new DeviceLeases(List.of()));
    assertThat(leases.figures("gpu").residentBytes()).isZero();
    model(7).close();
    assertThat(CompiledModels.loads()).isEqualTo(loads + 1);
  }
}
