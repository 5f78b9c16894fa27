package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Sets the elements outside of what is cropped to one value; strings are empty there. */
final class Extrapolated implements Resampled {
  private final Resampled inside;
  private final AxisTaps[] taps;
  private final float value;

  /**
   * @param inside what makes the others
   * @param taps of each axis; null for one that stays
   */
  Extrapolated(Resampled inside, AxisTaps[] taps, float value) {
    this.inside = inside;
    this.taps = taps;
    this.value = value;
  }

  @Override
  public void run(StepContext context, Tensor x, Tensor y) {
    inside.run(context, x, y);
    Tensor filling = filling(context, y.type());
    int inner = y.size();
    int outer = 1;
    for (int axis = 0; axis < taps.length; axis++) {
      int length = y.dim(axis);
      inner /= length;
      boolean[] outside = taps[axis] == null ? null : taps[axis].outside();
      for (int j = 0; outside != null && j < length; j++) {
        for (int o = 0; outside[j] && o < outer; o++) {
          int first = (o * length + j) * inner;
          Fill.range(y, filling, first, first + inner);
        }
      }
      outer *= length;
    }
  }

  private Tensor filling(StepContext context, ElementType type) {
    boolean strings = context.input(0).type() == ElementType.STRING;
    if (type.width() == 1) {
      return Conversion.scalar(strings ? StringIndices.NONE : value, type);
    }
    Tensor complex = Tensor.allocate(type);
    Tensor real = Tensor.wrap(realType(type), complex.array(), 0);
    Fill.with(real, Conversion.scalar(value, realType(type)));
    return complex;
  }

  private static ElementType realType(ElementType complex) {
    return complex == ElementType.COMPLEX64 ? ElementType.FLOAT : ElementType.DOUBLE;
  }
}
