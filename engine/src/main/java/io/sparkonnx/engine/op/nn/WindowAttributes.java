package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Window;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.type.Dim;
import java.util.Arrays;
import java.util.Locale;

/**
 * The attributes of a sliding window as Conv and the pooling operators share them, before the
 * image's size is known (ONNX operators Conv, MaxPool, AveragePool).
 *
 * @param kernel window size per spatial axis, or null where the weights tell it
 * @param strides step per spatial axis, or null for ones
 * @param dilations distance between taps per spatial axis, or null for ones
 * @param pads leading, then trailing padding of all spatial axes, or null for zeros
 * @param autoPad how padding is found
 * @param ceil whether the last, partial window counts
 */
record WindowAttributes(
    int[] kernel, int[] strides, int[] dilations, int[] pads, AutoPad autoPad, boolean ceil) {

  /** How padding is found. */
  enum AutoPad {
    /** As the pads say. */
    NOTSET,
    /** So that output = ⌈input / stride⌉, the odd element behind. */
    SAME_UPPER,
    /** So that output = ⌈input / stride⌉, the odd element in front. */
    SAME_LOWER,
    /** None. */
    VALID;

    boolean isSame() {
      return this == SAME_UPPER || this == SAME_LOWER;
    }
  }

  static WindowAttributes of(Attributes attributes) {
    AutoPad autoPad = autoPad(attributes);
    return new WindowAttributes(
        lengths(attributes, "kernel_shape", 1),
        lengths(attributes, "strides", 1),
        lengths(attributes, "dilations", 1),
        autoPad == AutoPad.NOTSET ? lengths(attributes, "pads", 0) : null,
        autoPad,
        autoPad == AutoPad.NOTSET && attributes.flag("ceil_mode", false));
  }

  /** As {@link #of}, for operators that cannot do without a window size. */
  static WindowAttributes withKernel(Attributes attributes) {
    if (attributes.integers("kernel_shape") == null) {
      throw attributes.error("attribute 'kernel_shape' is missing");
    }
    return of(attributes);
  }

  static AutoPad autoPad(Attributes attributes) {
    String name = attributes.string("auto_pad", "NOTSET");
    return switch (name) {
      case "NOTSET", "" -> AutoPad.NOTSET;
      case "SAME_UPPER" -> AutoPad.SAME_UPPER;
      case "SAME_LOWER" -> AutoPad.SAME_LOWER;
      case "VALID" -> AutoPad.VALID;
      default ->
          throw attributes.error(
              "auto_pad is '" + name + "', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID");
    };
  }

  /** An attribute of lengths of at least {@code least}, or null where it is absent. */
  static int[] lengths(Attributes attributes, String name, int least) {
    long[] values = attributes.integers(name);
    if (values == null) {
      return null;
    }
    for (long value : values) {
      if (value < least || value > Integer.MAX_VALUE) {
        throw attributes.error(name + " holds " + value + ", expected at least " + least);
      }
    }
    return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }

  /** Checks that every attribute has one element (pads two) per spatial axis. */
  void check(InferenceContext context, int spatialRank) {
    check(context, "kernel_shape", kernel, spatialRank);
    check(context, "strides", strides, spatialRank);
    check(context, "dilations", dilations, spatialRank);
    check(context, "pads", pads, 2 * spatialRank);
  }

  static void check(InferenceContext context, String name, int[] values, int expected) {
    if (values != null && values.length != expected) {
      throw context.error(
          name + " has " + values.length + " elements, expected " + expected + " for the input");
    }
  }

  /** The output length along spatial axis {@code axis} for a window of {@code size} taps there. */
  Dim outputLength(InferenceContext context, int axis, int rank, Dim length, Dim size) {
    int stride = stride(axis);
    if (autoPad.isSame()) {
      return length.ceilDiv(stride);
    }
    int begin = pads == null ? 0 : pads[axis];
    int end = pads == null ? 0 : pads[rank + axis];
    Dim extent = size.plus(-1).times(dilation(axis)).plus(1);
    Dim span = length.plus(begin).plus(end).minus(extent);
    if (span.isConstant() && span.value() < 0) {
      throw context.error(
          String.format(
              Locale.ROOT,
              "a window of %s does not fit spatial axis %d of length %s with padding %d and %d",
              extent,
              axis,
              length,
              begin,
              end));
    }
    if (!ceil) {
      return span.floorDiv(stride).plus(1);
    }
    return span.ceilDiv(stride).plus(1).min(length.plus(begin).ceilDiv(stride));
  }

  /** Whether the padding cannot be told before the image's size is known. */
  boolean dependsOnImage() {
    return autoPad.isSame() && strides != null && Arrays.stream(strides).anyMatch(s -> s != 1);
  }

  /**
   * The window with its padding.
   *
   * @param size window size per spatial axis
   * @param spatial lengths of the spatial axes; may be null unless {@link #dependsOnImage}
   */
  Window window(int[] size, int[] spatial) {
    int rank = size.length;
    int[] begin = new int[rank];
    int[] end = new int[rank];
    int[] step = new int[rank];
    int[] distance = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      step[axis] = stride(axis);
      distance[axis] = dilation(axis);
      if (autoPad.isSame()) {
        int extent = (size[axis] - 1) * distance[axis] + 1;
        int length = spatial == null ? 1 : spatial[axis];
        int outputs = (length + step[axis] - 1) / step[axis];
        int total = Math.max(0, (outputs - 1) * step[axis] + extent - length);
        begin[axis] = autoPad == AutoPad.SAME_UPPER ? total / 2 : total - total / 2;
        end[axis] = total - begin[axis];
      } else if (pads != null) {
        begin[axis] = pads[axis];
        end[axis] = pads[rank + axis];
      }
    }
    return new Window(size, step, distance, begin, end, ceil);
  }

  int stride(int axis) {
    return strides == null ? 1 : strides[axis];
  }

  int dilation(int axis) {
    return dilations == null ? 1 : dilations[axis];
  }
}
