package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Window;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** Rules that all windowed pooling operators share. */
final class Pooling {
  private Pooling() {}

  /** The output's shape: N and C stay, every spatial axis counts its windows. */
  static Shape shape(InferenceContext context, WindowAttributes window) {
    Shape x = context.shape(0);
    if (!x.hasRank()) {
      return x;
    }
    ImageShape.require(context, "X", x, 1);
    int rank = x.rank() - 2;
    window.check(context, rank);
    List<Dim> dims = new ArrayList<>(x.dims().subList(0, 2));
    for (int axis = 0; axis < rank; axis++) {
      Dim size = Dim.of(window.kernel()[axis]);
      dims.add(window.outputLength(context, axis, rank, x.dim(2 + axis), size));
    }
    return Shape.of(dims);
  }

  /** The batch may be N or C: every channel of every image is pooled by itself. */
  static List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(ImageShape.axesFrom(2, context.input(0).shape()));
  }

  /** One operation per tap. */
  static Dim flops(WindowAttributes window, List<ValueInfo> outputs) {
    Shape y = outputs.get(0).shape();
    return y.hasRank() ? y.size().times(Taps.product(window.kernel())) : Dim.ZERO;
  }

  /**
   * The window over a step's input 0.
   *
   * @param window with its padding
   * @param spatial lengths of the spatial axes
   */
  record Sized(Window window, int[] spatial) {}

  /** A window for the size of input 0, found once for its shape. */
  static Sized sized(StepContext context, WindowAttributes window) {
    Sized sized = (Sized) context.kept();
    if (sized == null) {
      int[] spatial = ImageShape.spatial(context.input(0));
      sized = new Sized(window.window(window.kernel(), spatial), spatial);
      context.keep(sized);
    }
    return sized;
  }
}
