package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.ConvolutionKernel;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Window;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.FloatTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * {@link Conv} or {@link PooledConv} of floats. Constant weights are packed once; where the padding
 * depends on the image's size, once for each padding that occurs, of which there are no more than
 * strides.
 */
final class FloatConvolution implements Step {
  private final Conv conv;
  private final boolean pooled;
  private final FloatTensor weights;
  private final FloatTensor bias;
  private final ConvolutionKernel.Packed packed;
  private final Map<List<Integer>, ConvolutionKernel.Packed> packedByPadding =
      new ConcurrentHashMap<>();

  private FloatConvolution(
      Conv conv,
      boolean pooled,
      FloatTensor weights,
      FloatTensor bias,
      ConvolutionKernel.Packed packed) {
    this.conv = conv;
    this.pooled = pooled;
    this.weights = weights;
    this.bias = bias;
    this.packed = packed;
  }

  /**
   * Packs the weights.
   *
   * @param pooled whether 2×2 max pooling follows
   */
  static FloatConvolution prepare(Conv conv, boolean pooled, Preparation preparation) {
    FloatTensor weights = (FloatTensor) preparation.constant(1);
    FloatTensor bias = (FloatTensor) preparation.constant(2);
    boolean computed = weights == null || (preparation.has(2) && bias == null);
    if (computed) {
      return new FloatConvolution(conv, pooled, null, null, null);
    }
    int[] spatial = ImageShape.spatial(preparation.input(0).shape());
    if (spatial != null || !conv.window().dependsOnImage()) {
      Window window = conv.window().window(ImageShape.spatial(weights), spatial);
      ConvolutionKernel.Packed packed =
          pack(conv, pooled, preparation.kernels(), window, weights, bias);
      preparation.packed(1, packed.bytes());
      if (bias != null) {
        preparation.packed(2, (long) bias.size() * Float.BYTES);
      }
      return new FloatConvolution(conv, pooled, null, null, packed);
    }
    return new FloatConvolution(conv, pooled, weights, bias, null);
  }

  private static ConvolutionKernel.Packed pack(
      Conv conv, boolean pooled, Kernels kernels, Window window, FloatTensor w, FloatTensor b) {
    Epilogue epilogue =
        b == null ? Epilogue.IDENTITY : Epilogue.IDENTITY.withBias(BiasAxis.ROW, b.toArray());
    return kernels
        .convolution()
        .pack(
            window,
            conv.group(),
            w.dim(1) * conv.group(),
            w.dim(0),
            w.array(),
            w.offset(),
            conv.activation().after(epilogue),
            pooled);
  }

  /** The weights for images of a size. */
  private record Sized(ConvolutionKernel.Packed packed, int[] spatial) {}

  private Sized sized(StepContext context, FloatTensor x) {
    Sized sized = (Sized) context.kept();
    if (sized == null) {
      int[] spatial = ImageShape.spatial(x);
      sized = new Sized(packed(context, spatial), spatial);
      if (packed != null || weights != null) {
        context.keep(sized);
      }
    }
    return sized;
  }

  @Override
  public void run(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    if (y.size() == 0) {
      return;
    }
    Sized sized = sized(context, x);
    context
        .kernels()
        .convolution()
        .run(
            sized.packed(),
            x.dim(0),
            sized.spatial(),
            x.array(),
            x.offset(),
            y.array(),
            y.offset(),
            context.scratch());
  }

  private ConvolutionKernel.Packed packed(StepContext context, int[] spatial) {
    if (packed != null) {
      return packed;
    }
    Kernels kernels = context.kernels();
    if (weights == null) {
      FloatTensor w = context.floats(1);
      Window window = conv.window().window(ImageShape.spatial(w), spatial);
      return pack(
          conv, pooled, kernels, window, w, context.inputs() > 2 ? context.floats(2) : null);
    }
    Window window = conv.window().window(ImageShape.spatial(weights), spatial);
    List<Integer> key =
        IntStream.concat(Arrays.stream(window.padBegin()), Arrays.stream(window.padEnd()))
            .boxed()
            .toList();
    return packedByPadding.computeIfAbsent(
        key, k -> pack(conv, pooled, kernels, window, weights, bias));
  }
}
