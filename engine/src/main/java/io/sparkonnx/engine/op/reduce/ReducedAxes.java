package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Which axes a reduction works along: an attribute in older opsets, an optional input in newer
 * ones, though some files keep the attribute. None given means all, or none where another attribute
 * says so.
 *
 * @param attribute the attribute, or null
 * @param asInput whether input 1 holds the axes
 * @param noneMeansNone whether no axes given means that nothing is reduced
 */
record ReducedAxes(long[] attribute, boolean asInput, boolean noneMeansNone) {
  static ReducedAxes fromAttribute(Attributes attributes) {
    return new ReducedAxes(attributes.integers("axes"), false, false);
  }

  static ReducedAxes fromInput(Attributes attributes) {
    boolean noneMeansNone = attributes.flag("noop_with_empty_axes", false);
    return new ReducedAxes(attributes.integers("axes"), true, noneMeansNone);
  }

  /** For each axis whether it is reduced, or null where that is not known before the run. */
  boolean[] of(InferenceContext context, int rank) {
    if (!asInput || !context.has(1)) {
      return mask(attribute, rank, context::error);
    }
    context.require(1, ElementType.INT64);
    return of(context.input(1), rank, context::error);
  }

  /** The same, from what is known of input 1 (null where it is left out). */
  boolean[] of(ValueInfo input, int rank, Function<String, RuntimeException> error) {
    if (!asInput || input == null) {
      return mask(attribute, rank, error);
    }
    Shape shape = input.shape();
    if (shape.hasRank() && shape.rank() == 1 && shape.dim(0).is(0)) {
      return mask(null, rank, error);
    }
    Tensor constant = input.constant();
    long[] axes = constant != null ? elements(constant) : input.constantContents();
    return axes == null ? null : mask(axes, rank, error);
  }

  boolean[] of(StepContext context, int rank) {
    Tensor axes = asInput && context.inputs() > 1 ? context.input(1) : null;
    return mask(axes == null ? attribute : elements(axes), rank, context::error);
  }

  private static long[] elements(Tensor axes) {
    long[] values = new long[axes.size()];
    Arrays.setAll(values, axes::longAt);
    return values;
  }

  private boolean[] mask(long[] axes, int rank, Function<String, RuntimeException> error) {
    boolean[] mask = new boolean[rank];
    if (axes == null || axes.length == 0) {
      Arrays.fill(mask, !noneMeansNone);
      return mask;
    }
    for (long axis : axes) {
      if (axis < -rank || axis >= rank) {
        throw error.apply("axis " + axis + " is outside a shape of " + rank + " dimensions");
      }
      mask[(int) (axis < 0 ? axis + rank : axis)] = true;
    }
    return mask;
  }
}
