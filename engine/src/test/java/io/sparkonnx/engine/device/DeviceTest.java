package io.sparkonnx.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opening a device, its memory, programs and waits. */
class DeviceTest {
  private static final ProgramSource TWICE =
      new ProgramSource(
          "twice",
          """
          kernel void twice(global float *x, int n, float factor) {
            int i = get_global_id(0);
            if (i < n) x[i] = factor * x[i];
          }
          """);

  private static final ProgramSource SLOW =
      new ProgramSource(
          "slow",
          """
          kernel void slow(global float *x, int n) {
            float s = x[0];
            for (int i = 0; i < n; i++) s = fma(s, 0.999f, x[0]);
            x[0] = s;
          }
          """);

  private Device device;

  @BeforeEach
  void open() {
    device = TestDevice.open();
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  @Test
  void aDeviceIsFoundAgainByItsNameAndItsNumber() {
    List<DeviceInfo> devices = Devices.find().devices();
    assertThat(devices).contains(device.info()).doesNotHaveDuplicates();
    for (int i = 0; i < devices.size(); i++) {
      try (Device named = Devices.open(devices.get(i).id());
          Device numbered = Devices.open(Integer.toString(i))) {
        assertThat(named.info()).isEqualTo(numbered.info()).isEqualTo(devices.get(i));
      }
    }
  }

  @Test
  void aDeviceTellsItsLimits() {
    DeviceInfo info = device.info();
    assertThat(info.name()).isNotBlank();
    assertThat(info.memoryBytes()).isGreaterThanOrEqualTo(info.maxAllocationBytes());
    assertThat(info.maxAllocationBytes()).isPositive();
    assertThat(info.localBytes()).isPositive();
    assertThat(info.computeUnits()).isPositive();
  }

  @Test
  void anUnknownNameTellsTheKnownOnes() {
    DeviceException e =
        catchThrowableOfType(DeviceException.class, () -> Devices.open("pci:ffff:00:00.0"));
    assertThat(e.code()).isEqualTo(DeviceException.Code.NOT_AVAILABLE);
    assertThat(e).hasMessageContaining("pci:ffff:00:00.0").hasMessageContaining(device.info().id());
  }

  @Test
  void bytesAreCountedAndGivenBack() {
    try (DeviceBuffer first = device.allocate(4000)) {
      try (DeviceBuffer second = device.allocate(100)) {
        assertThat(device.bytes()).isEqualTo(4100).isEqualTo(first.bytes() + second.bytes());
      }
      first.close();
      assertThat(device.bytes()).isZero();
    }
    assertThat(device.bytes()).isZero();
    assertThat(device.peakBytes()).isEqualTo(4100);
  }

  @Test
  void aBufferOverTheLargestAllocationIsRefusedWithTheFigures() {
    long wanted = device.info().maxAllocationBytes() + 1;
    DeviceException e = catchThrowableOfType(DeviceException.class, () -> device.allocate(wanted));
    assertThat(e.code()).isEqualTo(DeviceException.Code.OUT_OF_MEMORY);
    assertThat(e)
        .hasMessageContaining(Long.toString(wanted))
        .hasMessageContaining(Long.toString(wanted - 1));
    assertThat(device.bytes()).isZero();
  }

  @Test
  void aKernelReadsAndWritesBuffersLongerThanTheStagingMemory() {
    int length = (5 << 20) / Float.BYTES + 3;
    float[] values = new float[length + 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    float[] result = new float[length + 4];
    try (DeviceQueue queue = device.newQueue();
        DeviceBuffer buffer = device.allocate(4L * (length + 1))) {
      queue.write(buffer, 1, values, 2, length);
      long items = (length + 1 + 63) / 64 * 64L;
      queue.run(TWICE, "twice", new long[] {items}, new long[] {64}, buffer, length + 1, 2f);
      queue.read(buffer, 1, result, 3, length);
    }
    for (int i = 0; i < length; i++) {
      assertThat(result[i + 3]).isEqualTo(2f * values[i + 2]);
    }
    assertThat(result[2]).isZero();
    assertThat(result[length + 3]).isZero();
  }

  @Test
  void aProgramThatDoesNotCompileShowsTheLog() {
    ProgramSource wrong = new ProgramSource("wrong", "kernel void wrong() { no_such_thing(); }");
    try (DeviceQueue queue = device.newQueue()) {
      DeviceException e =
          catchThrowableOfType(
              DeviceException.class,
              () -> queue.run(wrong, "wrong", new long[] {1}, new long[] {1}));
      assertThat(e.code()).isEqualTo(DeviceException.Code.BUILD_FAILED);
      assertThat(e).hasMessageContaining("no_such_thing");
    }
  }

  @Test
  void aWaitIsBrokenOffByItsQuestion() {
    try (DeviceQueue queue = device.newQueue();
        DeviceBuffer buffer = device.allocate(4)) {
      queue.run(SLOW, "slow", new long[] {1}, new long[] {1}, buffer, 200_000_000);
      queue.onWait(
          () -> {
            throw new IllegalStateException("enough");
          });
      long start = System.nanoTime();
      assertThatThrownBy(queue::finish).hasMessage("enough");
      assertThat(System.nanoTime() - start).isLessThan(300_000_000L);
    }
  }

  @Test
  @Timeout(10)
  void anAllocationThatWaitsHoldsUpNobody() throws InterruptedException {
    FaultyDriver driver = new FaultyDriver();
    Device shared = driver.open();
    driver.plan(FaultyDriver.Fault.HANG, 1, 0);
    DeviceQueue waiting = shared.newQueue(Duration.ofSeconds(3));
    Thread allocating =
        new Thread(
            () ->
                assertThat(
                        catchThrowableOfType(DeviceException.class, () -> waiting.allocate(1000))
                            .code())
                    .isEqualTo(DeviceException.Code.HUNG));
    allocating.start();
    while (!driver.fired()) {
      Thread.onSpinWait();
    }
    long start = System.nanoTime();
    assertThat(shared.bytes()).isEqualTo(1000);
    shared.newQueue();
    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
    allocating.join();
    assertThat(shared.failure().code()).isEqualTo(DeviceException.Code.HUNG);
  }

  @Test
  void transfersGoThroughPinnedMemory() {
    try (DeviceQueue queue = device.newQueue()) {
      assertThat(queue.isPinned()).isTrue();
    }
  }

  @Test
  void arraysOfEveryTypeCrossByTheirElements() {
    int length = (5 << 20) / Long.BYTES + 3;
    long[] longs = new long[length + 1];
    int[] ints = new int[length + 1];
    short[] shorts = new short[length + 1];
    byte[] bytes = new byte[length + 1];
    for (int i = 0; i <= length; i++) {
      longs[i] = i * 0x123456789L;
      ints[i] = i * 7;
      shorts[i] = (short) i;
      bytes[i] = (byte) i;
    }
    long[] longsBack = new long[length + 1];
    int[] intsBack = new int[length + 1];
    short[] shortsBack = new short[length + 1];
    byte[] bytesBack = new byte[length + 1];
    try (DeviceQueue queue = device.newQueue();
        DeviceBuffer buffer = device.allocate(8L * (length + 2))) {
      queue.write(buffer, 2, longs, 1, length);
      queue.read(buffer, 2, longsBack, 1, length);
      queue.write(buffer, 3, ints, 1, length);
      queue.read(buffer, 3, intsBack, 1, length);
      queue.write(buffer, 7, shorts, 1, length);
      queue.read(buffer, 7, shortsBack, 1, length);
      queue.write(buffer, 5, bytes, 1, length);
      queue.read(buffer, 5, bytesBack, 1, length);
    }
    longs[0] = 0;
    assertThat(Arrays.equals(longsBack, longs)).as("longs").isTrue();
    ints[0] = 0;
    assertThat(Arrays.equals(intsBack, ints)).as("ints").isTrue();
    shorts[0] = 0;
    assertThat(Arrays.equals(shortsBack, shorts)).as("shorts").isTrue();
    bytes[0] = 0;
    assertThat(Arrays.equals(bytesBack, bytes)).as("bytes").isTrue();
  }

  @Test
  void aTransferBesideDoesNotWaitForKernels() {
    int length = 1000;
    try (DeviceQueue queue = device.newQueue();
        DeviceBuffer worked = device.allocate(4);
        DeviceBuffer free = device.allocate(4L * length)) {
      float[] values = new float[length + 1];
      values[length] = 7f;
      float[] back = new float[length + 1];
      queue.run(SLOW, "slow", new long[] {1}, new long[] {1}, worked, 100_000_000);
      DeviceQueue.Mark computed = queue.mark();
      queue.writeBeside(free, values, 1, length);
      queue.readBeside(free, back, 1, length);
      assertThat(back).containsExactly(values);
      queue.await(computed);
      assertThat(queue.times().kernelNanos()).isPositive();
    }
  }

  @Test
  void closingADeviceGivesBackWhatIsOpen() {
    device.allocate(100);
    DeviceQueue queue = device.newQueue();
    device.close();
    assertThat(device.bytes()).isZero();
    assertThatThrownBy(queue::finish).hasMessage("the queue is closed");
    assertThatThrownBy(() -> device.allocate(100)).hasMessage("the device is closed");
    assertThatThrownBy(device::newQueue).hasMessage("the device is closed");
  }

  @Test
  void bytesThatCrossAreCountedInBothDirections() {
    try (DeviceQueue queue = device.newQueue();
        DeviceBuffer buffer = device.allocate(4L * 10)) {
      queue.write(buffer, 0, new float[10], 0, 10);
      assertThat(device.transferredBytes()).isEqualTo(40);
      queue.read(buffer, 2, new float[3], 0, 3);
      assertThat(device.transferredBytes()).isEqualTo(52);
    }
  }
}
