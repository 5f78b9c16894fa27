package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * y = f(…f(f(x₀, x₁), x₂)…) element by element, the operands broadcast to the output's shape.
 *
 * @param operands the inputs to fold, in order; at least two
 * @param mean whether to divide by their number in the end
 */
public record FoldStep(
    Arithmetic f, ArrayArithmetic<?> arithmetic, Alignment alignment, int[] operands, boolean mean)
    implements Step {

  @Override
  public void run(StepContext context) {
    try {
      fold(arithmetic, context);
    } catch (ArithmeticException zero) {
      throw context.error("integer division by zero");
    }
  }

  private <A> void fold(ArrayArithmetic<A> over, StepContext context) {
    Tensor y = context.output(0);
    if (y.size() == 0) {
      return;
    }
    int[][] dims = new int[operands.length][];
    for (int k = 0; k < dims.length; k++) {
      dims[k] = context.input(operands[k]).dims();
      dims[k] = k == 0 ? dims[k] : alignment.aligned(dims[0], dims[k]);
    }
    BroadcastLoop loop = BroadcastLoop.of(context, y.dims(), dims);
    List<Operand<A>> read = new ArrayList<>();
    for (int k = 0; k < operands.length; k++) {
      Tensor x = context.input(operands[k]);
      boolean ownSlot = k == 0 || operands.length == 2;
      read.add(new Operand<>(over, x, loop, k, context.scratch(), Math.min(k, 1), ownSlot));
    }
    boolean direct = over.holds(y.type());
    int segment = Segments.length(over, loop, read, direct);
    Run<A> result = new Run<>();
    result.array = direct ? over.array(y) : over.block(context.scratch(), 2, segment);
    for (int start = 0; start < loop.size(); start += segment) {
      int length = Math.min(segment, loop.size() - start);
      result.at = direct ? y.offset() + start : 0;
      foldSegment(over, read, result, length, segment);
      if (!direct) {
        over.store(result.array, 0, y, y.offset() + start, length);
      }
    }
  }

  private <A> void foldSegment(
      ArrayArithmetic<A> over, List<Operand<A>> read, Run<A> y, int length, int segment) {
    read.get(0).next(length, segment);
    read.get(1).next(length, segment);
    over.apply(f, read.get(0), read.get(1), y, length);
    for (Operand<A> next : read.subList(2, read.size())) {
      next.next(length, segment);
      over.apply(f, y, next, y, length);
    }
    if (mean) {
      over.divide(y, read.size(), length);
    }
  }
}
