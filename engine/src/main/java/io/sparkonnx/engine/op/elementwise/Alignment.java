package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How the axes of a second operand meet those of the first: counted from the end, as in numpy, or,
 * before opset 7, from an axis of the first operand.
 *
 * @param axis the first operand's axis at which the second's axes begin, or null to count from the
 *     end
 */
public record Alignment(Long axis) {
  public static final Alignment FROM_END = new Alignment(null);

  /** A vector belongs to axis 1, the channels. */
  public static final Alignment CHANNELS = new Alignment(1L);

  /** What the attributes {@code axis} and {@code broadcast} of opsets 1 to 6 say. */
  public static Alignment ofAttributes(Attributes attributes) {
    boolean given = attributes.flag("broadcast", false) && attributes.has("axis");
    return given ? new Alignment(attributes.integer("axis")) : FROM_END;
  }

  /** Number of axes of length 1 to append to the second operand. */
  private int missing(int firstRank, int secondRank) {
    if (axis == null) {
      return 0;
    }
    long begin = axis < 0 ? axis + firstRank : axis;
    return (int) Math.max(0, firstRank - begin - secondRank);
  }

  private Shape aligned(Shape first, Shape second) {
    if (axis == null || !first.hasRank() || !second.hasRank()) {
      return second;
    }
    List<Dim> dims = new ArrayList<>(second.dims());
    dims.addAll(Collections.nCopies(missing(first.rank(), second.rank()), Dim.ONE));
    return Shape.of(dims);
  }

  /** The second operand's shape with the axes of length 1 that it lacks at the end. */
  public int[] aligned(int[] first, int[] second) {
    int missing = missing(first.length, second.length);
    if (missing == 0) {
      return second;
    }
    int[] dims = Arrays.copyOf(second, second.length + missing);
    Arrays.fill(dims, second.length, dims.length, 1);
    return dims;
  }

  /** The common shape of all inputs of a node. */
  public Shape common(InferenceContext context) {
    Shape common = context.shape(0);
    for (int i = 1; i < context.inputs(); i++) {
      Shape next = context.shape(i);
      Shape both = Shape.broadcast(common, aligned(context.shape(0), next));
      if (both == null) {
        throw context.error("input " + i + " has shape " + next + ", which does not fit " + common);
      }
      common = both;
    }
    return common;
  }

  /** {@link BatchContext#elementwise()} with the second operand's axes where they belong. */
  public List<BatchAxis> batch(BatchContext context) {
    Shape first = context.input(0).shape();
    if (axis == null || context.inputs() < 2 || !first.hasRank()) {
      return context.elementwise();
    }
    Shape second = context.input(1).shape();
    if (!second.hasRank() || missing(first.rank(), second.rank()) == 0) {
      return context.elementwise();
    }
    if (!context.axis(0).isRows() || !context.axis(1).isShared()) {
      return context.coupled("the second operand depends on the batch");
    }
    Shape aligned = aligned(first, second);
    int at = context.axis(0).axis() - first.rank() + aligned.rank();
    if (at >= 0 && !aligned.dim(at).is(1)) {
      return context.coupled("a constant has its own element for each row");
    }
    return context.all(context.axis(0));
  }
}
