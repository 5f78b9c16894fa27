package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/** y = 1 where input 0 and input 1, broadcast, are in a relation, else 0. */
public record CompareStep(Comparison f, ArrayArithmetic<?> arithmetic, Alignment alignment)
    implements Step {

  @Override
  public void run(StepContext context) {
    compare(arithmetic, context);
  }

  private <A> void compare(ArrayArithmetic<A> over, StepContext context) {
    ByteTensor y = (ByteTensor) context.output(0);
    if (y.size() == 0) {
      return;
    }
    Tensor first = context.input(0);
    Tensor second = context.input(1);
    int[] dims = alignment.aligned(first.dims(), second.dims());
    BroadcastLoop loop = BroadcastLoop.of(context, y.dims(), first.dims(), dims);
    Operand<A> a = new Operand<>(over, first, loop, 0, context.scratch(), 0, true);
    Operand<A> b = new Operand<>(over, second, loop, 1, context.scratch(), 1, true);
    int segment = Segments.length(over, loop, List.of(a, b), true);
    for (int start = 0; start < loop.size(); start += segment) {
      int length = Math.min(segment, loop.size() - start);
      a.next(length, segment);
      b.next(length, segment);
      over.compare(f, a, b, y.array(), y.offset() + start, length);
    }
  }
}
