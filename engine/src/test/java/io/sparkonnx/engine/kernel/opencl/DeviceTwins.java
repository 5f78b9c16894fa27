package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceBuffer;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.TestDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;

/** A device with arrays for one test: uploads, downloads, guards around results. */
final class DeviceTwins implements AutoCloseable {
  private static final int GUARD = 3;
  private static final float GUARD_VALUE = -12345.75f;

  private final Device device = TestDevice.open();
  private final List<DeviceBuffer> buffers = new ArrayList<>();
  final DeviceQueue queue = device.newQueue();

  DeviceTwins() {
    Assertions.assertThat(device.info().givesCpuBits()).as("exact %s", device.info()).isTrue();
  }

  /** The values behind some others. */
  DeviceArray up(float... values) {
    float[] guarded = new float[values.length + 2 * GUARD];
    Arrays.fill(guarded, GUARD_VALUE);
    System.arraycopy(values, 0, guarded, GUARD, values.length);
    DeviceBuffer buffer = device.allocate(4L * guarded.length);
    buffers.add(buffer);
    queue.write(buffer, 0, guarded, 0, guarded.length);
    return new DeviceArray(buffer, GUARD);
  }

  DeviceArray empty(int length) {
    return up(new float[length]);
  }

  /** Compares bits, and the guards around. */
  void assertBits(DeviceArray actual, float[] expected, String what) {
    float[] down = new float[expected.length + 2 * GUARD];
    queue.read(actual.buffer(), 0, down, 0, down.length);
    for (int i = 0; i < down.length; i++) {
      boolean guard = i < GUARD || i >= GUARD + expected.length;
      float wanted = guard ? GUARD_VALUE : expected[i - GUARD];
      if (Float.floatToIntBits(down[i]) != Float.floatToIntBits(wanted)) {
        throw new AssertionError(
            "%s: element %d is %s, expected %s".formatted(what, i - GUARD, down[i], wanted));
      }
    }
    release();
  }

  private void release() {
    buffers.forEach(DeviceBuffer::close);
    buffers.clear();
  }

  /** Ordinary, extreme and arbitrary values. */
  static float[] values(long seed, int length) {
    float[] special = {
      0f,
      -0f,
      0.5f,
      -0.5f,
      1f,
      -1f,
      2f,
      3f,
      2.5f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] =
          switch (i % 4) {
            case 0 -> Float.intBitsToFloat(random.nextInt());
            case 1 -> special[random.nextInt(special.length)];
            default -> (float) random.nextGaussian() * 4f;
          };
    }
    return values;
  }

  /** Normally distributed values. */
  static float[] random(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Override
  public void close() {
    queue.close();
    device.close();
  }
}
