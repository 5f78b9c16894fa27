package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Resizes axes of X by scales or to sizes: each element of Y is the nearest one of X, or a weighted
 * mean of those around its place, along one axis after the other. An axis that keeps its length
 * stays as it is.
 *
 * <p>Inputs are X, roi, scales and sizes, of which either scales or sizes are given; in version 10
 * X and scales. Upsample is the same with scales from 1 on, as attributes (versions 1 and 7) or as
 * input 1 (from 9), and with places counted from the first element.
 *
 * <p>Lengths by scales are products of floats rounded down, as in ONNX's shape inference; places
 * are computed with the length before it was rounded, as in ONNX's reference. Integers are computed
 * as doubles, lose their fraction and are kept within their type.
 */
final class Resize implements Operator {
  private final String type;
  private final ResizeFilter filter;
  private final ResizeSizes sizes;
  private final float extrapolation;

  private Resize(String type, ResizeFilter filter, ResizeSizes sizes, float extrapolation) {
    this.type = type;
    this.filter = filter;
    this.sizes = sizes;
    this.extrapolation = extrapolation;
  }

  static Resize upsampleImages(Attributes attributes) {
    float[] scales = {1, 1, attributes.real("height_scale"), attributes.real("width_scale")};
    String mode = attributes.string("mode", "nearest");
    if (!mode.equals("nearest") && !mode.equals("bilinear")) {
      throw attributes.error("mode is '" + mode + "', expected nearest or bilinear");
    }
    boolean nearest = mode.equals("nearest");
    return upsample(
        nearest ? ResizeFilter.Mode.NEAREST : ResizeFilter.Mode.LINEAR, ResizeSizes.by(scales));
  }

  static Resize upsample(Attributes attributes) {
    float[] scales = attributes.reals("scales");
    if (scales == null) {
      throw attributes.error("attribute 'scales' is missing");
    }
    return upsample(
        ResizeFilter.mode(attributes, ResizeFilter.Mode.LINEAR), ResizeSizes.by(scales));
  }

  static Resize upsampleByInput(Attributes attributes) {
    return upsample(
        ResizeFilter.mode(attributes, ResizeFilter.Mode.LINEAR), ResizeSizes.byInput(1));
  }

  private static Resize upsample(ResizeFilter.Mode mode, ResizeSizes sizes) {
    return new Resize("Upsample", ResizeFilter.plain(mode, NearestRule.FLOOR), sizes, 0);
  }

  /** Version 10. */
  static Resize byScales(Attributes attributes) {
    ResizeFilter.Mode mode = ResizeFilter.mode(attributes, ResizeFilter.Mode.LINEAR);
    ResizeFilter filter = ResizeFilter.plain(mode, NearestRule.BY_SCALE);
    return new Resize("Resize", filter, ResizeSizes.byInput(0), 0);
  }

  static Resize of(Attributes attributes) {
    return new Resize(
        "Resize",
        ResizeFilter.of(attributes),
        ResizeSizes.of(attributes),
        attributes.real("extrapolation_value", 0));
  }

  @Override
  public String type() {
    return type;
  }

  ResizeFilter filter() {
    return filter;
  }

  float extrapolation() {
    return extrapolation;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    boolean numbers = element.isInteger() || element.isFloatingPoint();
    if (!numbers && !filter.isNearest()) {
      throw context.error(
          "input 0 is " + element + ", which cannot be interpolated: mode must be nearest");
    }
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      return List.of(ValueInfo.of(element, Shape.UNKNOWN));
    }
    if (filter.crops()) {
      sizes.checkCrop(context, from.rank());
    }
    Shape to = sizes.shape(context, from);
    for (int axis = 0; axis < from.rank(); axis++) {
      Dim length = to.dim(axis);
      if (length.isConstant() && length.value() > Integer.MAX_VALUE) {
        throw context.error("axis " + axis + " would have " + length + " elements");
      }
    }
    return List.of(ValueInfo.of(element, to));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis axis = context.axis(0);
    boolean shared = true;
    for (int i = 1; i < context.inputs(); i++) {
      shared &= context.axis(i).isShared();
      if (context.axis(i).isRows()) {
        return context.coupled("the sizes depend on the rows' values");
      }
    }
    if (!axis.isRows()) {
      return context.all(shared ? axis : BatchAxis.SIZE);
    }
    Shape from = context.input(0).shape();
    Shape to = context.output(0).shape();
    if (!to.hasRank() || !to.dim(axis.axis()).equals(from.dim(axis.axis()))) {
      return context.coupled("resizes the batch axis");
    }
    if (filter.crops()
        && !sizes.isWhole(context.input(sizes.crop()).constant(), axis.axis(), from.rank())) {
      return context.coupled("crops the batch axis");
    }
    BatchAxis counted = context.bySize(0);
    return counted.isRows() && counted.axis() == axis.axis()
        ? context.all(axis)
        : context.coupled("an image's size depends on the number of rows");
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape from = inputs.get(0).shape();
    Shape to = outputs.get(0).shape();
    if (filter.isNearest() || !from.hasRank() || !to.hasRank()) {
      return Dim.ZERO;
    }
    long resized = 0;
    for (int axis = 0; axis < from.rank(); axis++) {
      resized += from.dim(axis).equals(to.dim(axis)) ? 0 : 1;
    }
    return to.size().times(2 * resized * filter.plainTaps());
  }

  @Override
  public boolean readsOnHost(int input) {
    return input > 0;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceResize.prepare(this, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    boolean settled = true;
    for (int i = 1; i < preparation.inputs().size(); i++) {
      settled &= !preparation.has(i) || preparation.constant(i) != null;
    }
    boolean keeps = settled;
    Step strings = Movement.step(this, this::resizeStrings, 0);
    return context -> {
      if (context.input(0).type() == ElementType.STRING) {
        strings.run(context);
        return;
      }
      Tensor x = context.input(0);
      Tensor y = context.output(0);
      Resampled resampled = keeps ? (Resampled) context.kept() : null;
      if (resampled == null) {
        resampled = resampled(context, x, y);
        if (keeps) {
          context.keep(resampled);
        }
      }
      resampled.run(context, x, y);
    };
  }

  private void resizeStrings(StepContext context, Tensor[] data, Tensor[] outputs) {
    resampled(context, data[0], outputs[0]).run(context, data[0], outputs[0]);
  }

  private Resampled resampled(StepContext context, Tensor x, Tensor y) {
    if (y.size() == 0) {
      return (step, from, to) -> {};
    }
    AxisTaps[] taps =
        taps(
            x.dims(),
            y.dims(),
            i -> i >= 0 && i < context.inputs() ? context.input(i) : null,
            context::error);
    Resampled made =
        filter.isNearest()
            ? new NearestCopy(taps, x.dims(), y.dims())
            : new InterpolatedAxes(taps, x.dims(), y.dims());
    boolean outside = Arrays.stream(taps).anyMatch(axis -> axis != null && axis.outside() != null);
    return outside ? new Extrapolated(made, taps, extrapolation) : made;
  }

  /**
   * The elements and weights of each axis; null for one that stays as it is.
   *
   * @param given the input of this index, null for a left-out one
   */
  AxisTaps[] taps(
      int[] from,
      int[] to,
      IntFunction<Tensor> given,
      Function<String, ? extends RuntimeException> error) {
    Stretch[] stretches = sizes.stretches(from, to, filter.crops(), given, error);
    AxisTaps[] taps = new AxisTaps[stretches.length];
    for (int axis = 0; axis < taps.length; axis++) {
      taps[axis] = stretches[axis] == null ? null : filter.taps(stretches[axis]);
    }
    return taps;
  }
}
