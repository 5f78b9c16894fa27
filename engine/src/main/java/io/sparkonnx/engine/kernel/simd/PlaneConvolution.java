package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.Window;

/**
 * Convolution as weights times patches, where vectors run over output pixels. Patches are never
 * built: in {@link PaddedPlanes} every row of the patch matrix is the image itself from some offset
 * on, which {@link Tiles} takes as steps. Where the result is pooled, it is as it leaves the tiles.
 */
final class PlaneConvolution {
  /** Elements of the image that are worked on at a time: some 3/8 of a 1 MiB second-level cache. */
  private static final int BLOCK_ELEMENTS = 96 * 1024;

  /** Elements of the image and a strip of outputs that a first-level cache holds. */
  private static final int NEAR_ELEMENTS = 8 * 1024;

  /** Pixels that are worked on at a time; their strip of outputs stays in the cache too. */
  private static final int BLOCK_PIXELS = 64 * WIDTH;

  /** Pixels that make it worth while to multiply, whatever the cache can hold. */
  private static final int MIN_PIXELS = 4 * WIDTH;

  private final SimdEpilogue epilogues;

  PlaneConvolution(SimdEpilogue epilogues) {
    this.epilogues = epilogues;
  }

  /** One convolution of a batch; one is used for call after call. */
  private static final class Job {
    private ConvolutionWeights weights;

    /** Rows of outputs that are needed, along the first axis, and outputs of such a row. */
    private int rows;

    private int rowPixels;

    /** Elements of an input channel, and of a channel of the result. */
    private int inputPlane;

    private int resultPlane;

    /** Whether the epilogue gives the same bits after pooling. */
    private boolean poolsFirst;

    private float[] x;
    private int xOffset;
    private float[] y;
    private int yOffset;

    int outputChannels() {
      return weights.groups() * weights.outputs();
    }

    /** Elements of the result that one row of outputs makes. */
    int resultPixels(int outputRows) {
      return weights.pooled() ? outputRows / 2 * (rowPixels / 2) : outputRows * rowPixels;
    }
  }

  void run(
      ConvolutionWeights weights,
      int batch,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    Window window = weights.window();
    int outputPlane = SimdConvolution.outputPlane(window, spatial);
    int length = window.outputLength(0, spatial[0]);
    int rowPixels = outputPlane / length;
    int least = weights.pooled() ? 2 : 1;
    int rows = length / least * least;
    Job job = scratch.kept(Job.class, Job::new);
    job.weights = weights;
    job.rows = rows;
    job.rowPixels = rowPixels;
    job.inputPlane = SimdConvolution.product(spatial);
    job.resultPlane = SimdConvolution.resultPlane(weights, spatial);
    job.poolsFirst = weights.pooled() && weights.poolsFirst();
    job.x = x;
    job.xOffset = xOffset;
    job.y = y;
    job.yOffset = yOffset;
    long image = weights.channels() * PaddedPlanes.elements(window, spatial, rows);
    int together = 1;
    int slab = rows;
    if (image > BLOCK_ELEMENTS || outputPlane > BLOCK_PIXELS) {
      long row = weights.channels() * PaddedPlanes.elements(window, spatial, 1);
      long perRow = Math.max(1, (image - row) / Math.max(1, rows - 1));
      long fitting =
          Math.min((BLOCK_ELEMENTS - row) / perRow, BLOCK_PIXELS / Math.max(1, rowPixels));
      long worthwhile = (MIN_PIXELS + rowPixels - 1) / Math.max(1, rowPixels);
      slab = (int) Math.min(rows, Math.max(worthwhile, fitting) / least * least);
      slab = Math.max(least, slab);
    } else {
      together = together(weights, image, outputPlane);
    }
    for (int first = 0; first < rows; first += slab) {
      int count = Math.min(slab, rows - first);
      int[] steps = scratch.ints(weights.k());
      PaddedPlanes planes = null;
      for (int i = 0; i < batch; i += together) {
        int images = Math.min(together, batch - i);
        if (planes == null || planes.images() != images) {
          planes = PlaneLayouts.of(window, spatial, first, count, images, scratch);
          planes.tapOffsets(weights.channels(), steps);
        }
        run(job, planes, steps, i, first, count, scratch);
      }
    }
    job.weights = null;
    job.x = null;
    job.y = null;
  }

  /** How many whole images are worked on at a time: small ones and their strip in the L1 cache. */
  private static int together(ConvolutionWeights weights, long image, int outputPlane) {
    long most =
        Math.max(1, Math.min(BLOCK_ELEMENTS / Math.max(1, image), BLOCK_PIXELS / outputPlane));
    long plane = image / Math.max(1, weights.channels());
    long withStrip = image + Tiles.height(weights.outputs()) * plane;
    long near = NEAR_ELEMENTS / Math.max(1, withStrip);
    boolean enough = near * outputPlane >= MIN_PIXELS;
    return (int) (enough ? Math.min(near, most) : most);
  }

  /** Some images, or a slab of one. */
  private void run(
      Job job,
      PaddedPlanes planes,
      int[] steps,
      int firstImage,
      int firstRow,
      int rows,
      Scratch scratch) {
    ConvolutionWeights weights = job.weights;
    int k = weights.k();
    int outputs = weights.outputs();
    int columns = (planes.count() + COUNT - 1) / COUNT * COUNT;
    float[] copy = scratch.floats(0, weights.channels() * planes.channelStride());
    float[] strip = scratch.floats(2, Tiles.MAX_HEIGHT * columns + 2 * WIDTH);
    for (int group = 0; group < weights.groups(); group++) {
      copy(job, planes, firstImage, group, copy);
      int height;
      for (int o = 0; o < outputs; o += height) {
        height = Tiles.height(outputs - o);
        int panel = (group * outputs + o) * k;
        Strips.overVectors(
            height, columns, k, weights.panels(), panel, copy, 0, steps, strip, 0, columns);
        for (int i = 0; i < height; i++) {
          int channel = group * outputs + o + i;
          if (!job.poolsFirst && !SimdEpilogue.isIdentity(weights.epilogue())) {
            BiasAxis axis = weights.epilogue().biasAxis();
            epilogues.apply(weights.epilogue(), axis, channel, 0, strip, i * columns, columns);
          }
          store(job, planes, firstImage, channel, firstRow, rows, strip, i * columns);
        }
      }
    }
  }

  /** Lays out one group's channels. */
  private static void copy(Job job, PaddedPlanes planes, int firstImage, int group, float[] copy) {
    int channels = job.weights.channels();
    for (int image = 0; image < planes.images(); image++) {
      int part = (firstImage + image) * job.weights.groups() + group;
      int from = job.xOffset + part * channels * job.inputPlane;
      for (int channel = 0; channel < channels; channel++) {
        int to = channel * planes.channelStride();
        planes.copy(job.x, from + channel * job.inputPlane, image, 0f, copy, to);
      }
    }
  }

  /** Writes one channel of all images, pooled where asked. */
  private static void store(
      Job job,
      PaddedPlanes planes,
      int firstImage,
      int channel,
      int firstRow,
      int rows,
      float[] strip,
      int from) {
    for (int image = 0; image < planes.images(); image++) {
      int plane = (firstImage + image) * job.outputChannels() + channel;
      int to = job.yOffset + plane * job.resultPlane + job.resultPixels(firstRow);
      if (!job.weights.pooled()) {
        planes.scatter(strip, from, image, job.y, to);
        continue;
      }
      // Channels that are complete are followed by channels that are still to come.
      int ownPlanes = rows == job.rows ? job.outputChannels() - channel : 1;
      Epilogue epilogue = job.weights.epilogue();
      boolean biased = job.poolsFirst && epilogue.biasAxis() == BiasAxis.ROW;
      HalvedRows.max(
          strip,
          from + image * planes.imageStride(),
          planes.rowStride(),
          rows / 2,
          job.rowPixels / 2,
          biased ? epilogue.bias()[channel] : HalvedRows.NO_BIAS,
          job.poolsFirst && epilogue.activation() == UnaryFunction.RELU,
          job.y,
          to,
          job.yOffset + (plane + ownPlanes) * job.resultPlane);
    }
  }
}
