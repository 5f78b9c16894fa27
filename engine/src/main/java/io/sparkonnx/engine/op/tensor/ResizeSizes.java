package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Which axes are resized and to which lengths. Lengths by scales are rounded down.
 *
 * @param axes those that scales, sizes and crop are for; null for all
 * @param policy how sizes are taken
 * @param fixed scales that are no input, or null
 * @param least the least scale that is allowed
 * @param crop the input that says where each axis begins and ends, −1 for none
 * @param scales the input of scales, −1 for none
 * @param sizes the input of lengths, −1 for none
 */
record ResizeSizes(
    long[] axes, Policy policy, float[] fixed, float least, int crop, int scales, int sizes) {
  private static final int UNKNOWN = -1;

  /** Scales that are multiples of 1/1024 give lengths in integers. */
  private static final int PARTS = 1024;

  /** Whether sizes are lengths, or bounds within which all axes get one scale. */
  enum Policy {
    STRETCH,
    NOT_LARGER,
    NOT_SMALLER
  }

  /** Scales that the node itself has. */
  static ResizeSizes by(float[] scales) {
    return new ResizeSizes(null, Policy.STRETCH, scales, 1, -1, -1, -1);
  }

  /** Scales in input 1. */
  static ResizeSizes byInput(float least) {
    return new ResizeSizes(null, Policy.STRETCH, null, least, -1, 1, -1);
  }

  /** Crop, scales and sizes in inputs 1 to 3. */
  static ResizeSizes of(Attributes attributes) {
    String name = attributes.string("keep_aspect_ratio_policy", "stretch");
    Policy policy =
        Arrays.stream(Policy.values())
            .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    attributes.error(
                        "keep_aspect_ratio_policy is '"
                            + name
                            + "', expected stretch, not_larger or not_smaller"));
    return new ResizeSizes(attributes.integers("axes"), policy, null, 0, 1, 2, 3);
  }

  /** The resized shape. */
  Shape shape(InferenceContext context, Shape from) {
    int[] along = along(context, from.rank());
    int scaleCount = fixed != null ? fixed.length : count(context, scales);
    int sizeCount = count(context, sizes);
    if (scaleCount == UNKNOWN || sizeCount == UNKNOWN) {
      return context.freshShape(from.rank());
    }
    if (scaleCount > 0 && sizeCount > 0) {
      throw context.error("has both scales and sizes");
    }
    if (along.length > 0 && scaleCount == 0 && sizeCount == 0) {
      throw context.error("has neither scales nor sizes");
    }
    int given = Math.max(scaleCount, sizeCount);
    if (given != along.length) {
      String what = sizeCount > 0 ? " sizes" : " scales";
      throw context.error(given + what + " for " + along.length + " axes");
    }
    return sizeCount > 0 ? bySizes(context, from, along) : byScales(context, from, along);
  }

  /** Checks what says where a crop begins and ends. */
  void checkCrop(InferenceContext context, int rank) {
    if (crop < 0 || !context.has(crop)) {
      throw context.error("tf_crop_and_resize needs the input roi");
    }
    context.require(crop, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16);
    int bounds = count(context, crop);
    if (bounds != UNKNOWN && bounds != 2 * along(context, rank).length) {
      throw context.error(bounds + " bounds in roi for " + along(context, rank).length + " axes");
    }
  }

  /** Whether a crop is known to leave an axis of {@code rank} whole. */
  boolean isWhole(Tensor bounds, int axis, int rank) {
    int count = axes == null ? rank : axes.length;
    for (int i = 0; i < count; i++) {
      if (axis(i, rank) == axis) {
        return bounds != null && bounds.doubleAt(i) == 0 && bounds.doubleAt(count + i) == 1;
      }
    }
    return true;
  }

  private int[] along(InferenceContext context, int rank) {
    return axes == null ? IntStream.range(0, rank).toArray() : Integers.axes(context, axes, rank);
  }

  /** Number of elements of an input, 0 where the node leaves it out. */
  private static int count(InferenceContext context, int input) {
    if (input < 0 || !context.has(input)) {
      return 0;
    }
    Shape shape = context.shape(input);
    if (shape.hasRank() && shape.rank() != 1) {
      throw context.error("input " + input + " has shape " + shape + ", expected one axis");
    }
    return Integers.count(context, input);
  }

  private Shape byScales(InferenceContext context, Shape from, int[] along) {
    if (policy != Policy.STRETCH) {
      throw context.error("keep_aspect_ratio_policy is for sizes, but there are scales");
    }
    float[] known = fixed;
    if (fixed == null) {
      context.require(scales, ElementType.FLOAT);
      Tensor constant = context.constant(scales);
      known = constant == null ? null : floats(constant);
    }
    Shape to = from;
    for (int i = 0; i < along.length; i++) {
      Dim length = from.dim(along[i]);
      to = to.with(along[i], known == null ? context.fresh() : scaled(context, length, known[i]));
    }
    return to;
  }

  private Dim scaled(InferenceContext context, Dim length, float scale) {
    boolean valid = scale > 0 && scale >= least && !Float.isInfinite(scale);
    if (!valid) {
      String bound = least > 0 ? " from " + least + " on" : " above 0";
      throw context.error("a scale is " + scale + ", expected one" + bound);
    }
    float parts = scale * PARTS;
    if (parts == Math.rint(parts) && parts < Integer.MAX_VALUE) {
      long numerator = (long) parts;
      int even = Math.min(Long.numberOfTrailingZeros(numerator), 10);
      return length.times(numerator >> even).floorDiv(PARTS >> even);
    }
    return length.isConstant()
        ? Dim.of((long) Math.floor((float) length.value() * scale))
        : context.fresh();
  }

  private Shape bySizes(InferenceContext context, Shape from, int[] along) {
    context.require(sizes, ElementType.INT64);
    List<Dim> lengths = Integers.symbolic(context, sizes);
    Shape to = from;
    for (int i = 0; i < along.length; i++) {
      Dim length = lengths == null ? context.fresh() : lengths.get(i);
      if (length.isConstant() && length.value() < 0) {
        throw context.error("a size is " + length + ", expected a length");
      }
      to = to.with(along[i], length);
    }
    return policy == Policy.STRETCH ? to : keepingRatio(context, from, to, along);
  }

  private Shape keepingRatio(InferenceContext context, Shape from, Shape sized, int[] along) {
    boolean known =
        IntStream.of(along).allMatch(i -> from.dim(i).isConstant() && sized.dim(i).isConstant());
    Shape to = sized;
    for (int axis : along) {
      if (!known) {
        to = to.with(axis, context.fresh());
      } else if (!from.dim(axis).is(0)) {
        double scale = commonScale(i -> from.dim(i).value(), i -> sized.dim(i).value(), along);
        to = to.with(axis, Dim.of((long) Math.floor(scale * from.dim(axis).value() + 0.5)));
      }
    }
    return to;
  }

  private double commonScale(IntToLongFunction from, IntToLongFunction to, int[] along) {
    double[] all =
        IntStream.of(along)
            .filter(axis -> from.applyAsLong(axis) > 0)
            .mapToDouble(axis -> (double) to.applyAsLong(axis) / from.applyAsLong(axis))
            .toArray();
    return policy == Policy.NOT_LARGER
        ? Arrays.stream(all).min().orElse(1)
        : Arrays.stream(all).max().orElse(1);
  }

  /**
   * How each axis changes; null for those that stay as they are.
   *
   * @param crops whether the crop counts
   * @param given the input of this index, null for a left-out one
   * @throws RuntimeException made by {@code error} where an axis without elements is to have some
   */
  Stretch[] stretches(
      int[] from,
      int[] to,
      boolean crops,
      IntFunction<Tensor> given,
      Function<String, ? extends RuntimeException> error) {
    Stretch[] stretches = new Stretch[from.length];
    int[] along =
        IntStream.range(0, axes == null ? from.length : axes.length)
            .map(i -> axis(i, from.length))
            .toArray();
    double[] factors = factors(from, to, along, given);
    Tensor bounds = crops ? given.apply(crop) : null;
    if (bounds != null && bounds.size() != 2 * along.length) {
      throw error.apply(bounds.size() + " bounds in roi for " + along.length + " axes");
    }
    for (int i = 0; i < along.length; i++) {
      int axis = along[i];
      if (from[axis] == 0 && to[axis] > 0) {
        throw error.apply("axis " + axis + " has no elements to make " + to[axis] + " of");
      }
      double start = bounds == null ? 0 : bounds.doubleAt(i);
      double end = bounds == null ? 1 : bounds.doubleAt(along.length + i);
      boolean stays = factors[i] == 1 && start == 0 && end == 1;
      stretches[axis] = stays ? null : new Stretch(from[axis], to[axis], factors[i], start, end);
    }
    return stretches;
  }

  private double[] factors(int[] from, int[] to, int[] along, IntFunction<Tensor> given) {
    Tensor input = fixed == null ? given.apply(scales) : Tensor.of(fixed, fixed.length);
    if (input != null && input.size() > 0) {
      return IntStream.range(0, along.length).mapToDouble(input::doubleAt).toArray();
    }
    if (policy == Policy.STRETCH) {
      return IntStream.of(along)
          .mapToDouble(axis -> from[axis] == to[axis] ? 1 : (double) to[axis] / from[axis])
          .toArray();
    }
    long[] lengths = new long[from.length];
    for (int i = 0; i < along.length; i++) {
      lengths[along[i]] = given.apply(sizes).longAt(i);
    }
    double[] common = new double[along.length];
    Arrays.fill(common, commonScale(axis -> from[axis], axis -> lengths[axis], along));
    return common;
  }

  private int axis(int index, int rank) {
    long axis = axes == null ? index : axes[index];
    return (int) (axis < 0 ? axis + rank : axis);
  }

  private static float[] floats(Tensor tensor) {
    float[] floats = new float[tensor.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) tensor.doubleAt(i);
    }
    return floats;
  }
}
