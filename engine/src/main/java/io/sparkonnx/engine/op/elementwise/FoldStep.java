package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;

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
    boolean direct = over.holds(y.type());
    Operands<A> read = Operands.of(context, over, alignment, operands, y, direct);
    int segment = read.segment();
    Run<A> result = read.result();
    result.array = direct ? over.array(y) : over.block(context.scratch(), 2, segment);
    for (int start = 0; start < read.size(); start += segment) {
      int length = Math.min(segment, read.size() - start);
      result.at = direct ? y.offset() + start : 0;
      foldSegment(over, read, result, length, segment);
      if (!direct) {
        over.store(result.array, 0, y, y.offset() + start, length);
      }
    }
    read.leave();
  }

  private <A> void foldSegment(
      ArrayArithmetic<A> over, Operands<A> read, Run<A> y, int length, int segment) {
    read.get(0).next(length, segment);
    read.get(1).next(length, segment);
    over.apply(f, read.get(0), read.get(1), y, length);
    for (int k = 2; k < read.count(); k++) {
      read.get(k).next(length, segment);
      over.apply(f, y, read.get(k), y, length);
    }
    if (mean) {
      over.divide(y, read.count(), length);
    }
  }
}
