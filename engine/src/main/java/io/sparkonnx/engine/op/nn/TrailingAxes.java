package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.Locale;

/** A tensor seen as rows: the axes from one on are normalised together. */
final class TrailingAxes {
  private TrailingAxes() {}

  static int axis(long axis, int rank) {
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /**
   * Checks that a parameter broadcasts to the normalised axes of x: its axes before those must have
   * length 1.
   */
  static void requireFits(InferenceContext context, int input, Shape x, int axis) {
    Shape shape = context.shape(input);
    if (!shape.hasRank()) {
      return;
    }
    int shift = x.rank() - shape.rank();
    for (int i = 0; i < shape.rank(); i++) {
      Dim length = shape.dim(i);
      int at = i + shift;
      boolean inside = at >= axis && at < x.rank();
      boolean both = inside && length.isConstant() && x.dim(at).isConstant();
      if (!length.is(1) && (!inside || (both && !length.equals(x.dim(at))))) {
        throw context.error(
            String.format(
                Locale.ROOT,
                "input %d of shape %s does not broadcast to axes %d to %d of %s",
                input,
                shape,
                axis,
                x.rank() - 1,
                x));
      }
    }
  }

  /** Whether every input behind the first has an element for each of a row's. */
  static boolean areWhole(DevicePreparation preparation, int axis) {
    Shape x = preparation.inputs().get(0).shape();
    Dim length = x.product(axis, x.rank());
    for (int input = 1; input < preparation.inputs().size(); input++) {
      ValueInfo info = preparation.inputs().get(input);
      if (info != null && !info.shape().size().equals(length)) {
        return false;
      }
    }
    return true;
  }

  /** Product of the lengths before {@code axis}. */
  static int rows(Tensor x, int axis) {
    int rows = 1;
    for (int i = 0; i < axis; i++) {
      rows *= x.dim(i);
    }
    return rows;
  }

  /** Product of the lengths from {@code axis} on. */
  static int length(Tensor x, int axis) {
    int length = 1;
    for (int i = axis; i < x.rank(); i++) {
      length *= x.dim(i);
    }
    return length;
  }

  /** A parameter with an element for each of a row's: itself where it has, else expanded. */
  static FloatTensor expanded(FloatTensor parameter, Tensor x, int axis) {
    int length = length(x, axis);
    if (parameter == null || parameter.size() == length) {
      return parameter;
    }
    int[] from = indices(parameter, x, axis);
    float[] elements = new float[length];
    for (int i = 0; i < length; i++) {
      elements[i] = parameter.get(from[i]);
    }
    return Tensor.of(elements, length);
  }

  /** As above for doubles. */
  static DoubleTensor expanded(DoubleTensor parameter, Tensor x, int axis) {
    int length = length(x, axis);
    if (parameter == null || parameter.size() == length) {
      return parameter;
    }
    int[] from = indices(parameter, x, axis);
    double[] elements = new double[length];
    for (int i = 0; i < length; i++) {
      elements[i] = parameter.doubleAt(from[i]);
    }
    return Tensor.of(elements, length);
  }

  /** For each element of a row, the parameter's element that broadcasting gives it. */
  private static int[] indices(Tensor parameter, Tensor x, int axis) {
    int[] indices = new int[length(x, axis)];
    int block = 1;
    int step = 1;
    for (int i = x.rank() - 1; i >= axis; i--) {
      int at = i - (x.rank() - parameter.rank());
      int own = at < 0 ? 1 : parameter.dim(at);
      if (own != 1) {
        int span = block;
        int stride = step;
        int count = x.dim(i);
        Arrays.setAll(indices, k -> indices[k] + k / span % count * stride);
        step *= own;
      }
      block *= x.dim(i);
    }
    return indices;
  }
}
