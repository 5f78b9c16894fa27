package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.BinaryKernel;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.FloatTensor;

/** {@link FusedAttention} by the kernels of its parts, layer by layer. */
record AttentionStep(FusedAttention attention) implements Step {
  @Override
  public void run(StepContext context) {
    FloatTensor q = context.floats(0);
    FloatTensor kt = context.floats(1);
    FloatTensor v = context.floats(2);
    FloatTensor y = context.floatOutput(0);
    AttentionSizes s = AttentionSizes.of(q.dims(), v.dims());
    if (y.size() == 0) {
      return;
    }
    float[] scores = context.scratch().floats(Scratch.OPERATOR, Math.multiplyExact(s.m(), s.n()));
    for (int layer = 0; layer < s.layers(); layer++) {
      context.checkCancelled();
      int from = q.offset() + layer * s.m() * s.k();
      int keys = kt.offset() + layer * s.k() * s.n();
      multiply(context, s.m(), s.n(), s.k(), q.array(), from, kt.array(), keys, scores, 0);
      for (int stage = 0; stage < attention.stages().size(); stage++) {
        apply(context, s, layer, stage, scores);
      }
      context.kernels().softmax().softmax(scores, 0, s.m(), s.n(), scores, 0);
      int values = v.offset() + layer * s.n() * s.d();
      int to = y.offset() + layer * s.m() * s.d();
      multiply(context, s.m(), s.d(), s.n(), scores, 0, v.array(), values, y.array(), to);
    }
  }

  private static void multiply(
      StepContext context,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float[] c,
      int cOffset) {
    context
        .kernels()
        .gemm()
        .multiply(
            m,
            n,
            k,
            a,
            aOffset,
            k,
            1,
            b,
            bOffset,
            n,
            1,
            Epilogue.IDENTITY,
            c,
            cOffset,
            n,
            context.scratch());
  }

  /** One stage of one layer's scores, row by row. */
  private void apply(StepContext context, AttentionSizes s, int layer, int stage, float[] scores) {
    FloatTensor operand = context.floats(FusedAttention.operand(stage));
    int[] strides = DeviceForms.strides(DeviceForms.padded(operand.dims()));
    BinaryFunction f = attention.stages().get(stage).f();
    boolean turned = attention.stages().get(stage).turned();
    BinaryKernel kernel = context.kernels().binary();
    float[] other = operand.array();
    for (int row = 0; row < s.m(); row++) {
      int at = operand.offset() + s.start(layer, row, strides);
      int to = row * s.n();
      if (f == null) {
        choose(context, s, layer, row, turned, other, at, strides[3], scores);
      } else if (turned) {
        kernel.apply(f, other, at, strides[3], scores, to, 1, scores, to, s.n());
      } else {
        kernel.apply(f, scores, to, 1, other, at, strides[3], scores, to, s.n());
      }
    }
  }

  /** Puts the operand where the test does not hold, or where it does if {@code turned}. */
  private void choose(
      StepContext context,
      AttentionSizes s,
      int layer,
      int row,
      boolean turned,
      float[] other,
      int otherAt,
      int otherStep,
      float[] scores) {
    ByteTensor test = (ByteTensor) context.input(attention.test());
    int[] strides = DeviceForms.strides(DeviceForms.padded(test.dims()));
    int testAt = test.offset() + s.start(layer, row, strides);
    for (int column = 0; column < s.n(); column++) {
      boolean holds = test.array()[testAt + column * strides[3]] != 0;
      if (holds == turned) {
        scores[row * s.n() + column] = other[otherAt + column * otherStep];
      }
    }
  }
}
