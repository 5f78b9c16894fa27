package io.sparkonnx.engine.kernel;

import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import java.util.Arrays;
import java.util.Random;

/** One convolution, its naive result, and guard elements around the output. */
final class ConvolutionCase {
  static final int GUARD = 5;
  private static final float GUARD_VALUE = 12345.678f;

  final Window window;
  final int groups;
  final int inputChannels;
  final int outputChannels;
  final int batch;
  final int[] spatial;
  final float[] x;
  final float[] w;
  final String name;
  Epilogue epilogue;

  /** Whether 2×2 max pooling follows. */
  boolean pooled;

  ConvolutionCase(
      Window window, int groups, int inputChannels, int outputChannels, int batch, int... spatial) {
    this(window, groups, inputChannels, outputChannels, batch, spatial, new Random(8), "layer");
  }

  private ConvolutionCase(
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      int batch,
      int[] spatial,
      Random random,
      String name) {
    this.window = window;
    this.groups = groups;
    this.inputChannels = inputChannels;
    this.outputChannels = outputChannels;
    this.batch = batch;
    this.spatial = spatial;
    this.x = KernelTwins.random(random, GUARD + batch * inputChannels * product(spatial));
    this.w =
        KernelTwins.random(
            random, GUARD + outputChannels * inputChannels / groups * product(window.kernel()));
    this.epilogue =
        random.nextInt(4) == 0
            ? Epilogue.IDENTITY
            : Epilogue.IDENTITY.withBias(BiasAxis.ROW, KernelTwins.random(random, outputChannels));
    this.name =
        "%s groups=%d in=%d out=%d batch=%d spatial=%s kernel=%s stride=%s dilation=%s pad=%s/%s"
            .formatted(
                name,
                groups,
                inputChannels,
                outputChannels,
                batch,
                Arrays.toString(spatial),
                Arrays.toString(window.kernel()),
                Arrays.toString(window.stride()),
                Arrays.toString(window.dilation()),
                Arrays.toString(window.padBegin()),
                Arrays.toString(window.padEnd()));
  }

  /** A random geometry of {@code rank} spatial axes. */
  ConvolutionCase(int seed, int rank, boolean depthwise) {
    this(new Random(seed), seed, rank, depthwise);
  }

  private ConvolutionCase(Random random, int seed, int rank, boolean depthwise) {
    this(
        randomWindow(random, rank),
        randomChannels(random, depthwise),
        random,
        new int[] {seed, rank, depthwise ? 1 : 0});
  }

  private ConvolutionCase(Window window, int[] channels, Random random, int[] seed) {
    this(
        window,
        channels[0],
        channels[1],
        channels[2],
        random.nextInt(4),
        randomSpatial(random, window),
        random,
        "seed " + Arrays.toString(seed));
  }

  static Window randomWindow(Random random, int rank) {
    int[][] p = new int[5][rank];
    for (int axis = 0; axis < rank; axis++) {
      p[0][axis] = 1 + random.nextInt(rank == 3 ? 3 : 5);
      p[1][axis] = 1 + random.nextInt(3);
      p[2][axis] = 1 + random.nextInt(3);
      p[3][axis] = random.nextInt(4);
      p[4][axis] = random.nextInt(4);
    }
    return new Window(p[0], p[1], p[2], p[3], p[4], random.nextInt(4) == 0);
  }

  /** Groups, input channels, output channels. */
  private static int[] randomChannels(Random random, boolean depthwise) {
    int groups = depthwise ? 1 + random.nextInt(9) : 1 + random.nextInt(3);
    int inputs = depthwise ? groups : groups * (1 + random.nextInt(7));
    return new int[] {groups, inputs, groups * (1 + random.nextInt(depthwise ? 3 : 20))};
  }

  static int[] randomSpatial(Random random, Window window) {
    int[] spatial = new int[window.rank()];
    for (int axis = 0; axis < spatial.length; axis++) {
      spatial[axis] = 1 + random.nextInt(spatial.length == 3 ? 9 : 40);
    }
    return spatial;
  }

  private static int product(int[] lengths) {
    return Arrays.stream(lengths).reduce(1, (a, b) -> a * b);
  }

  void check(ConvolutionKernel kernel, Scratch scratch) {
    KernelTwins.assertSameBits(run(kernel, scratch), expected(), name);
  }

  float[] run(ConvolutionKernel kernel, Scratch scratch) {
    ConvolutionKernel.Packed packed =
        kernel.pack(window, groups, inputChannels, outputChannels, w, GUARD, epilogue, pooled);
    float[] y = guarded();
    kernel.run(packed, batch, spatial, x, GUARD, y, GUARD, scratch);
    return y;
  }

  private int[] outputSpatial() {
    int[] lengths = new int[spatial.length];
    for (int axis = 0; axis < spatial.length; axis++) {
      lengths[axis] = window.outputLength(axis, spatial[axis]);
    }
    return lengths;
  }

  private float[] guarded() {
    int[] out = outputSpatial();
    int plane = pooled ? out[0] / 2 * (out[1] / 2) : product(out);
    float[] y = new float[2 * GUARD + batch * outputChannels * plane];
    Arrays.fill(y, GUARD_VALUE);
    return y;
  }

  private float[] expected() {
    float[] y = guarded();
    int[] out = outputSpatial();
    int outPlane = product(out);
    int inPlane = product(spatial);
    int taps = product(window.kernel());
    int channels = inputChannels / groups;
    int outputs = outputChannels / groups;
    int at = GUARD;
    for (int image = 0; image < batch; image++) {
      for (int o = 0; o < outputChannels; o++) {
        int group = o / outputs;
        float[] plane = new float[outPlane];
        for (int pixel = 0; pixel < outPlane; pixel++) {
          float sum = 0f;
          for (int c = 0; c < channels; c++) {
            int from = GUARD + ((image * inputChannels) + group * channels + c) * inPlane;
            for (int tap = 0; tap < taps; tap++) {
              int index = inputIndex(out, pixel, tap);
              float value = index < 0 ? 0f : x[from + index];
              sum = Math.fma(w[GUARD + (o * channels + c) * taps + tap], value, sum);
            }
          }
          plane[pixel] = KernelTwins.finish(epilogue, o, 0, sum);
        }
        float[] result = pooled ? halve(plane, out[0], out[1]) : plane;
        System.arraycopy(result, 0, y, at, result.length);
        at += result.length;
      }
    }
    return y;
  }

  private static float[] halve(float[] plane, int rows, int columns) {
    float[] y = new float[rows / 2 * (columns / 2)];
    Arrays.fill(y, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows / 2 * 2; i++) {
      for (int j = 0; j < columns / 2 * 2; j++) {
        int to = i / 2 * (columns / 2) + j / 2;
        y[to] = Math.max(y[to], plane[i * columns + j]);
      }
    }
    return y;
  }

  private int inputIndex(int[] out, int pixel, int tap) {
    int index = 0;
    int step = 1;
    for (int axis = spatial.length - 1; axis >= 0; axis--) {
      int position =
          pixel % out[axis] * window.stride()[axis]
              - window.padBegin()[axis]
              + tap % window.kernel()[axis] * window.dilation()[axis];
      pixel /= out[axis];
      tap /= window.kernel()[axis];
      if (position < 0 || position >= spatial[axis]) {
        return -1;
      }
      index += position * step;
      step *= spatial[axis];
    }
    return index;
  }
}
