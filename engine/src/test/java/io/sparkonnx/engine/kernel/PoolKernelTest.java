package io.sparkonnx.engine.kernel;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both twins against a naive loop over random geometries; a failure names the seed. */
class PoolKernelTest {
  private static final int GUARD = 5;
  private static final float GUARD_VALUE = 12345.678f;

  private enum Mode {
    MAX,
    AVERAGE,
    AVERAGE_WITH_PADDING
  }

  static Stream<Named<PoolKernel>> kernels() {
    return KernelTwins.pool();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void randomGeometriesEqualTheNaiveLoop(PoolKernel kernel) {
    for (int seed = 0; seed < 600; seed++) {
      Random random = new Random(seed);
      Window window = ConvolutionCase.randomWindow(random, 1 + seed % 3);
      int[] spatial = ConvolutionCase.randomSpatial(random, window);
      int planes = random.nextInt(20);
      float[] x = values(random, GUARD + planes * product(spatial));
      for (Mode mode : Mode.values()) {
        check(kernel, mode, window, planes, spatial, x, "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void realLayersEqualTheNaiveLoop(PoolKernel kernel) {
    int[] one = {1, 1};
    int[] two = {2, 2};
    int[] three = {3, 3};
    int[] none = {0, 0};
    Window halve = new Window(two, two, one, none, none, false);
    Window stem = new Window(three, two, one, one, one, false);
    Window ceil = new Window(three, two, one, none, none, true);
    Window same = new Window(three, one, one, one, one, false);
    Window global = new Window(new int[] {7, 7}, one, one, none, none, false);
    Random random = new Random(9);
    for (int size : new int[] {7, 14, 28, 57, 112}) {
      float[] x = values(random, GUARD + 5 * size * size);
      for (Mode mode : Mode.values()) {
        for (Window window : new Window[] {halve, stem, ceil, same, global}) {
          check(kernel, mode, window, 5, new int[] {size, size}, x, "size " + size);
        }
      }
    }
  }

  /** Numbers with zeros of both signs, and here and there a NaN or an infinity. */
  private static float[] values(Random random, int length) {
    float[] x = KernelTwins.random(random, length);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(200)) {
        case 0 -> x[i] = Float.NaN;
        case 1 -> x[i] = Float.NEGATIVE_INFINITY;
        case 2 -> x[i] = Float.POSITIVE_INFINITY;
        case 3, 4, 5, 6, 7 -> x[i] = -0f;
        case 8, 9, 10, 11, 12 -> x[i] = 0f;
        default -> {}
      }
    }
    return x;
  }

  private static int product(int[] lengths) {
    return Arrays.stream(lengths).reduce(1, (a, b) -> a * b);
  }

  private static void check(
      PoolKernel kernel,
      Mode mode,
      Window window,
      int planes,
      int[] spatial,
      float[] x,
      String what) {
    int[] out = new int[spatial.length];
    for (int axis = 0; axis < spatial.length; axis++) {
      out[axis] = window.outputLength(axis, spatial[axis]);
    }
    float[] expected = new float[2 * GUARD + planes * product(out)];
    Arrays.fill(expected, GUARD_VALUE);
    float[] actual = expected.clone();
    int at = GUARD;
    for (int plane = 0; plane < planes; plane++) {
      for (int pixel = 0; pixel < product(out); pixel++) {
        int from = GUARD + plane * product(spatial);
        expected[at++] = element(mode, window, spatial, out, pixel, x, from);
      }
    }
    if (mode == Mode.MAX) {
      kernel.max(window, planes, spatial, x, GUARD, actual, GUARD, new Scratch());
    } else {
      boolean pad = mode == Mode.AVERAGE_WITH_PADDING;
      kernel.average(window, pad, planes, spatial, x, GUARD, actual, GUARD, new Scratch());
    }
    KernelTwins.assertSameBits(actual, expected, what + " " + mode);
  }

  private static float element(
      Mode mode, Window window, int[] spatial, int[] out, int pixel, float[] x, int from) {
    float greatest = Float.NEGATIVE_INFINITY;
    float sum = 0f;
    int inside = 0;
    int padded = 0;
    for (int tap = 0; tap < product(window.kernel()); tap++) {
      int index = 0;
      int step = 1;
      int restOfPixel = pixel;
      int restOfTap = tap;
      boolean in = true;
      boolean inPadded = true;
      for (int axis = spatial.length - 1; axis >= 0; axis--) {
        int kernel = window.kernel()[axis];
        int position =
            restOfPixel % out[axis] * window.stride()[axis]
                - window.padBegin()[axis]
                + restOfTap % kernel * window.dilation()[axis];
        restOfPixel /= out[axis];
        restOfTap /= kernel;
        in &= position >= 0 && position < spatial[axis];
        inPadded &= position < spatial[axis] + window.padEnd()[axis];
        index += position * step;
        step *= spatial[axis];
      }
      if (in) {
        greatest = Math.max(greatest, x[from + index]);
        sum += x[from + index];
        inside++;
      }
      if (inPadded) {
        padded++;
      }
    }
    return switch (mode) {
      case MAX -> greatest;
      case AVERAGE -> sum / inside;
      case AVERAGE_WITH_PADDING -> sum / padded;
    };
  }
}
