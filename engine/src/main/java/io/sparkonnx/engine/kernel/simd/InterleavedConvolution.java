package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.Window;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Convolution and pooling of as many small images as a vector has lanes: the pixels of all images
 * lie side by side, so that rows of any length fill vectors and pooling needs no shuffles. Images
 * are turned into this order, with their padding, and results back.
 */
final class InterleavedConvolution {
  /** Elements of the images that the second-level cache holds beside strips and results. */
  private static final int MOST_ELEMENTS = 96 * 1024;

  private final SimdEpilogue epilogues;

  InterleavedConvolution(SimdEpilogue epilogues) {
    this.epilogues = epilogues;
  }

  /** Whether this is the faster way for a vector of images. */
  static boolean suits(ConvolutionWeights weights, int[] spatial, Scratch scratch) {
    Window window = weights.window();
    return weights.pooled()
        && weights.groups() == 1
        && !weights.isDepthwise()
        && Window.areAll(window.stride(), 1)
        && fits(Geometries.of(window, spatial, scratch), weights);
  }

  private static boolean fits(Geometry geometry, ConvolutionWeights weights) {
    long pooled = (long) COUNT * weights.outputs() * geometry.pooledPlane();
    return geometry.elements(weights.channels()) <= MOST_ELEMENTS && pooled <= MOST_ELEMENTS;
  }

  /**
   * Lengths in pixels.
   *
   * @param rows rows of an image with its padding
   * @param columns columns of an image with its padding
   * @param outputColumns columns before pooling
   * @param pooledRows rows of the result
   * @param pooledColumns columns of the result
   */
  private record Geometry(
      int rows, int columns, int outputColumns, int pooledRows, int pooledColumns) {
    Geometry(Window window, int[] spatial) {
      this(
          spatial[0] + window.padBegin()[0] + window.padEnd()[0],
          spatial[1] + window.padBegin()[1] + window.padEnd()[1],
          window.outputLength(1, spatial[1]),
          window.outputLength(0, spatial[0]) / 2,
          window.outputLength(1, spatial[1]) / 2);
    }

    long elements(int channels) {
      return (long) COUNT * channels * rows * columns;
    }

    int pooledPlane() {
      return pooledRows * pooledColumns;
    }
  }

  /** The geometries that a task used lately. */
  private static final class Geometries extends ForSizes<Geometry> {
    static Geometry of(Window window, int[] spatial, Scratch scratch) {
      Geometries all = scratch.kept(Geometries.class, Geometries::new);
      Geometry known = all.find(window, spatial);
      return known == null ? all.add(window, spatial, new Geometry(window, spatial)) : known;
    }
  }

  /** Convolves and pools {@code vectors·COUNT} images. */
  void run(
      ConvolutionWeights weights,
      int vectors,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    Geometry geometry = Geometries.of(weights.window(), spatial, scratch);
    int channels = weights.channels();
    int plane = COUNT * geometry.pooledPlane();
    float[] padded = scratch.floats(0, (int) geometry.elements(channels));
    float[] pooled = scratch.floats(1, weights.outputs() * plane);
    int[] steps = steps(weights, geometry, scratch.ints(weights.k()));
    Arrays.fill(padded, 0, (int) geometry.elements(channels), 0f);
    int image = channels * spatial[0] * spatial[1];
    int result = weights.outputs() * geometry.pooledPlane();
    for (int v = 0; v < vectors; v++) {
      interleave(weights.window(), geometry, channels, spatial, x, xOffset, image, padded);
      convolve(weights, geometry, steps, padded, pooled, scratch);
      for (int o = 0; o < weights.outputs(); o++) {
        int to = yOffset + o * geometry.pooledPlane();
        Interleaving.separate(COUNT, geometry.pooledPlane(), pooled, o * plane, y, to, result);
      }
      xOffset += COUNT * image;
      yOffset += COUNT * result;
    }
  }

  /** Where each tap of each channel lies behind the first one. */
  private static int[] steps(ConvolutionWeights weights, Geometry geometry, int[] steps) {
    int columns = weights.window().kernel()[1];
    int[] dilation = weights.window().dilation();
    for (int p = 0; p < weights.k(); p++) {
      int channel = p / weights.taps();
      int tap = p % weights.taps();
      int row = channel * geometry.rows() + tap / columns * dilation[0];
      steps[p] = COUNT * (row * geometry.columns() + tap % columns * dilation[1]);
    }
    return steps;
  }

  /** Writes the pixels of a vector of images between the padding. */
  private static void interleave(
      Window window,
      Geometry geometry,
      int channels,
      int[] spatial,
      float[] x,
      int xOffset,
      int image,
      float[] padded) {
    int columns = spatial[1];
    for (int channel = 0; channel < channels; channel++) {
      for (int row = 0; row < spatial[0]; row++) {
        int from = xOffset + (channel * spatial[0] + row) * columns;
        int paddedRow = channel * geometry.rows() + window.padBegin()[0] + row;
        int to = COUNT * (paddedRow * geometry.columns() + window.padBegin()[1]);
        Interleaving.rows(COUNT, columns, x, from, image, 1, padded, to, COUNT);
      }
    }
  }

  private void convolve(
      ConvolutionWeights weights,
      Geometry geometry,
      int[] steps,
      float[] padded,
      float[] pooled,
      Scratch scratch) {
    int k = weights.k();
    int outputs = weights.outputs();
    Epilogue epilogue = weights.epilogue();
    boolean poolsFirst = weights.poolsFirst();
    boolean biased = poolsFirst && epilogue.biasAxis() == BiasAxis.ROW;
    boolean relu = poolsFirst && epilogue.activation() == UnaryFunction.RELU;
    int length = COUNT * geometry.outputColumns();
    float[] strip = scratch.floats(2, Tiles.MAX_HEIGHT * 2 * length + WIDTH);
    for (int row = 0; row < geometry.pooledRows(); row++) {
      int above = 2 * row * COUNT * geometry.columns();
      int below = above + COUNT * geometry.columns();
      int height;
      for (int o = 0; o < outputs; o += height) {
        height = Tiles.height(outputs - o);
        float[] a = weights.panels();
        int s = 2 * length;
        Strips.overVectors(height, length, k, a, o * k, padded, above, steps, strip, 0, s);
        Strips.overVectors(height, length, k, a, o * k, padded, below, steps, strip, length, s);
        for (int i = 0; i < height; i++) {
          if (!poolsFirst) {
            epilogues.apply(epilogue, epilogue.biasAxis(), o + i, 0, strip, i * s, s);
          }
          float bias = biased ? epilogue.bias()[o + i] : HalvedRows.NO_BIAS;
          int to = COUNT * ((o + i) * geometry.pooledPlane() + row * geometry.pooledColumns());
          halve(strip, i * s, length, geometry.pooledColumns(), bias, relu, pooled, to);
        }
      }
    }
  }

  /** The greatest of two neighbours in two rows, of every image. */
  private static void halve(
      float[] strip,
      int from,
      int stride,
      int columns,
      float bias,
      boolean relu,
      float[] y,
      int to) {
    for (int j = 0; j < columns; j++) {
      int at = from + 2 * j * COUNT;
      FloatVector above = FloatVector.fromArray(FLOATS, strip, at);
      above = above.max(FloatVector.fromArray(FLOATS, strip, at + COUNT));
      FloatVector below = FloatVector.fromArray(FLOATS, strip, at + stride);
      below = below.max(FloatVector.fromArray(FLOATS, strip, at + stride + COUNT));
      FloatVector greatest = above.max(below).add(bias);
      if (relu) {
        greatest = VectorPiecewise.relu(greatest);
      }
      SHAPE.cast(greatest).intoArray(y, to + j * COUNT);
    }
  }
}
