package io.sparkonnx.engine.op.logic;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.BroadcastLoop;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import java.util.Arrays;

/** Equality of broadcast strings, by their bytes. */
record EqualStrings(Alignment alignment) implements Step {

  @Override
  public void run(StepContext context) {
    StringTensor a = (StringTensor) context.input(0);
    StringTensor b = (StringTensor) context.input(1);
    ByteTensor y = (ByteTensor) context.output(0);
    if (y.size() == 0) {
      return;
    }
    int[] dims = alignment.aligned(a.dims(), b.dims());
    BroadcastLoop loop = BroadcastLoop.of(context, y.dims(), a.dims(), dims);
    BroadcastLoop.Cursor left = loop.cursor(0, 0);
    BroadcastLoop.Cursor right = loop.cursor(1, 0);
    for (int i = 0; i < loop.size(); i++) {
      boolean equal = equal(a, left.source(), b, right.source());
      y.array()[y.offset() + i] = (byte) (equal ? 1 : 0);
      left.advance(1);
      right.advance(1);
    }
  }

  private static boolean equal(StringTensor a, int i, StringTensor b, int j) {
    return Arrays.equals(a.bytes(), a.begin(i), a.end(i), b.bytes(), b.begin(j), b.end(j));
  }
}
