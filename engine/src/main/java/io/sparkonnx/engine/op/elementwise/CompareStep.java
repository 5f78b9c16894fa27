package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ByteTensor;

/** y = 1 where input 0 and input 1, broadcast, are in a relation, else 0. */
public record CompareStep(Comparison f, ArrayArithmetic<?> arithmetic, Alignment alignment)
    implements Step {
  private static final int[] BOTH = {0, 1};

  @Override
  public void run(StepContext context) {
    compare(arithmetic, context);
  }

  private <A> void compare(ArrayArithmetic<A> over, StepContext context) {
    ByteTensor y = (ByteTensor) context.output(0);
    if (y.size() == 0) {
      return;
    }
    Operands<A> read = Operands.of(context, over, alignment, BOTH, y, true);
    int segment = read.segment();
    for (int start = 0; start < read.size(); start += segment) {
      int length = Math.min(segment, read.size() - start);
      read.get(0).next(length, segment);
      read.get(1).next(length, segment);
      over.compare(f, read.get(0), read.get(1), y.array(), y.offset() + start, length);
    }
    read.leave();
  }
}
