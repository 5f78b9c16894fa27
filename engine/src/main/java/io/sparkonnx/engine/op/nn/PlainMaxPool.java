package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * {@link MaxPool} of any element type, with indices. Of equal elements the first counts; NaN wins.
 *
 * @param pool the operator
 */
record PlainMaxPool(MaxPool pool) implements Step {
  @Override
  public void run(StepContext context) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    boolean wantsIndices = pool.indices() && context.wants(1);
    LongTensor positions = wantsIndices ? (LongTensor) context.output(1) : null;
    int[] spatial = ImageShape.spatial(x);
    Taps taps = new Taps(pool.window().window(pool.window().kernel(), spatial), spatial);
    int[] indices = new int[taps.count()];
    int plane = taps.inputPlane();
    int outputPlane = taps.outputPlane();
    int planes = x.dim(0) * x.dim(1);
    for (int pixel = 0; pixel < outputPlane; pixel++) {
      context.checkCancelled();
      taps.locate(pixel, indices);
      int[] inside = Arrays.stream(indices).filter(index -> index >= 0).toArray();
      if (inside.length == 0) {
        throw context.error("a window lies entirely in the padding");
      }
      for (int p = 0; p < planes; p++) {
        int greatest = greatest(x, p * plane, inside);
        int to = p * outputPlane + pixel;
        System.arraycopy(
            x.array(), x.offset() + p * plane + greatest, y.array(), y.offset() + to, 1);
        if (wantsIndices) {
          positions.array()[positions.offset() + to] =
              (long) p * plane + position(greatest, spatial);
        }
      }
    }
  }

  private static int greatest(Tensor x, int from, int[] inside) {
    int best = inside[0];
    double value = x.doubleAt(from + best);
    for (int i = 1; i < inside.length && !Double.isNaN(value); i++) {
      double candidate = x.doubleAt(from + inside[i]);
      if (candidate > value || Double.isNaN(candidate)) {
        best = inside[i];
        value = candidate;
      }
    }
    return best;
  }

  private long position(int rowMajor, int[] spatial) {
    if (!pool.columnMajor()) {
      return rowMajor;
    }
    int[] coordinates = new int[spatial.length];
    int rest = rowMajor;
    for (int axis = spatial.length - 1; axis >= 0; axis--) {
      coordinates[axis] = rest % spatial[axis];
      rest /= spatial[axis];
    }
    long position = 0;
    for (int axis = spatial.length - 1; axis >= 0; axis--) {
      position = position * spatial[axis] + coordinates[axis];
    }
    return position;
  }
}
