package io.sparkonnx.engine.kernel.opencl;

import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Movements of elements on the device against loops. */
class OpenClMovementTest {
  private static DeviceTwins on;

  @BeforeAll
  static void open() {
    on = new DeviceTwins();
  }

  @AfterAll
  static void close() {
    if (on != null) {
      on.close();
    }
  }

  private static int[] ints(int... values) {
    return values;
  }

  private static int size(int... dims) {
    return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
  }

  /** The place of element {@code index} of a box of shape {@code dims}. */
  private static int place(int index, int[] dims, int[] strides) {
    int place = 0;
    int rest = index;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      place += rest % dims[axis] * strides[axis];
      rest /= dims[axis];
    }
    return place;
  }

  private static void copy(int read, int first, int[] xStrides, int[] yStrides, int[] dims) {
    float[] x = DeviceTwins.values(dims.length, read);
    int written = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      written += Math.max(0, dims[axis] - 1) * yStrides[axis];
    }
    float[] expected = new float[written];
    for (int i = 0; i < size(dims); i++) {
      expected[place(i, dims, yStrides)] = x[first + place(i, dims, xStrides)];
    }
    DeviceArray from = on.up(x);
    DeviceArray y = on.empty(written);
    ElementwiseKernels.copy(
        on.queue,
        new DeviceArray(from.buffer(), from.offset() + first),
        xStrides,
        y,
        yStrides,
        dims);
    on.assertBits(y, expected, "copy of " + Arrays.toString(dims));
  }

  @Test
  void aScalarAndAContiguousRunAreCopied() {
    copy(1, 0, ints(), ints(), ints());
    copy(1000, 0, ints(1), ints(1), ints(1000));
    copy(3 * 5 * 7, 0, ints(35, 7, 1), ints(35, 7, 1), ints(3, 5, 7));
  }

  @Test
  void transpositionsOfThreeAxes() {
    copy(3 * 4 * 5, 0, ints(1, 5, 20), ints(12, 3, 1), ints(5, 4, 3));
  }

  @Test
  void boxesOfMoreAxesThanTheKernelHas() {
    copy(
        2 * 3 * 4 * 5 * 6,
        0,
        ints(1, 6, 30, 120, 360),
        ints(120, 24, 6, 2, 1),
        ints(6, 5, 4, 3, 2));
    copy(
        2 * 3 * 2 * 3 * 2 * 3,
        0,
        ints(1, 3, 6, 18, 36, 108),
        ints(72, 36, 12, 6, 2, 1),
        ints(3, 2, 3, 2, 3, 2));
  }

  @Test
  void repeatedAndBackwardAxes() {
    copy(7, 0, ints(0, 1, 0), ints(35, 5, 1), ints(3, 7, 5));
    copy(20, 19, ints(-5, -2), ints(2, 1), ints(4, 2));
    copy(30, 29, ints(-1), ints(1), ints(30));
  }

  @Test
  void anEmptyBoxIsNoWork() {
    copy(5, 0, ints(1, 1), ints(1, 1), ints(0, 3));
  }

  @Test
  void runsAreGatheredInAnyOrder() {
    int[] picks = {4, 0, 4, 3};
    for (int outer : ints(1, 3)) {
      for (int run : ints(1, 17)) {
        float[] x = DeviceTwins.values(outer + run, outer * 5 * run);
        float[] expected = new float[outer * picks.length * run];
        for (int i = 0; i < outer; i++) {
          for (int j = 0; j < picks.length; j++) {
            System.arraycopy(
                x, (i * 5 + picks[j]) * run, expected, (i * picks.length + j) * run, run);
          }
        }
        DeviceArray y = on.empty(expected.length);
        DeviceArray there = on.up(MovementKernels.picks(picks));
        MovementKernels.gather(on.queue, on.up(x), outer, 5, run, there, 4, y);
        on.assertBits(y, expected, "gather of " + outer + " and runs of " + run);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MovementKernels.Padding.class)
  void elementsBesideABoxComeFromIt(MovementKernels.Padding mode) {
    int[] lengths = {1, 2, 1, 3};
    int[] begins = {0, 3, 2, 5};
    int[] dims = {1, 7, 4, 13};
    float[] x = DeviceTwins.values(mode.ordinal(), 6);
    float[] expected = new float[size(dims)];
    for (int i = 0; i < expected.length; i++) {
      int row = source(mode, i / (13 * 4) % 7 - begins[1], 2);
      expected[i] = x[row * 3 + source(mode, i % 13 - begins[3], 3)];
    }
    DeviceArray y = on.empty(expected.length);
    MovementKernels.pad(on.queue, mode, on.up(x), ints(0, 3, 0, 1), lengths, begins, y, dims);
    on.assertBits(y, expected, "padding " + mode);
  }

  /** Step by step from the box's first element. */
  private static int source(MovementKernels.Padding mode, int index, int length) {
    int at = 0;
    int way = index < 0 ? -1 : 1;
    int turned = way;
    for (int i = 0; i != index; i += way) {
      switch (mode) {
        case EDGE -> at = Math.min(length - 1, Math.max(0, at + way));
        case WRAP -> at = (at + way + length) % length;
        case REFLECT -> {
          turned = at + turned < 0 || at + turned >= length ? -turned : turned;
          at += turned;
        }
      }
    }
    return at;
  }
}
