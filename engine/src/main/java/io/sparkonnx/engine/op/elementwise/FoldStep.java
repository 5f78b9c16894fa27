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
      int slot = Math.min(k, 1);
      Tensor x = context.input(operands[k]);
      read.add(new Operand<>(over, x, loop, k, context.scratch(), slot));
    }
    boolean direct = over.holds(y.type());
    A array = direct ? over.array(y) : over.block(context.scratch(), 2);
    int segment = Segments.length(loop, read, direct);
    for (int start = 0; start < loop.size(); start += segment) {
      int length = Math.min(segment, loop.size() - start);
      int at = direct ? y.offset() + start : 0;
      foldSegment(over, read, array, at, length);
      if (!direct) {
        over.store(array, 0, y, y.offset() + start, length);
      }
    }
  }

  private <A> void foldSegment(
      ArrayArithmetic<A> over, List<Operand<A>> read, A y, int at, int length) {
    Operand<A> a = read.get(0);
    Operand<A> b = read.get(1);
    a.next(length);
    b.next(length);
    over.apply(f, a.array, a.at, a.step, b.array, b.at, b.step, y, at, length);
    for (int k = 2; k < read.size(); k++) {
      Operand<A> next = read.get(k);
      next.next(length);
      over.apply(f, y, at, 1, next.array, next.at, next.step, y, at, length);
    }
    if (mean) {
      over.divide(y, at, read.size(), length);
    }
  }
}
