package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Chain;
import io.sparkonnx.engine.kernel.Chain.Reading;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain on the CPU: some elements at a time go through all stages.
 *
 * @param readings how each input is read
 */
record ChainStep(Chain chain, List<Reading> readings) implements Step {
  private static final int BLOCK = ArrayArithmetic.BLOCK;

  @Override
  public void run(StepContext context) {
    FloatTensor y = context.floatOutput(0);
    int inputs = chain.inputs();
    int stages = chain.stages().size();
    float[] blocks = context.scratch().floats(Scratch.OPERATOR, (inputs + stages) * BLOCK);
    List<Run<float[]>> values = new ArrayList<>();
    for (int i = 0; i < inputs + stages; i++) {
      Run<float[]> value = new Run<>();
      value.set(blocks, i * BLOCK, 1);
      values.add(value);
    }
    Run<float[]> result = values.get(inputs + stages - 1);
    for (int start = 0; start < y.size(); start += BLOCK) {
      int length = Math.min(BLOCK, y.size() - start);
      for (int i = 0; i < inputs; i++) {
        read(context.floats(i), readings.get(i), y.dims(), start, length, values.get(i));
      }
      result.set(y.array(), y.offset() + start, 1);
      for (int i = 0; i < stages; i++) {
        apply(context.kernels(), chain.stages().get(i), values, values.get(inputs + i), length);
      }
    }
  }

  private static void read(
      FloatTensor x, Reading reading, int[] dims, int start, int length, Run<float[]> block) {
    switch (reading.kind()) {
      case SAME -> block.set(x.array(), x.offset() + start, 1);
      case ONE -> block.set(x.array(), x.offset(), 0);
      case RUN -> {
        int inner = reading.inner(dims);
        int run = reading.length(dims);
        for (int i = 0; i < length; i++) {
          block.array[block.at + i] = x.array()[x.offset() + (start + i) / inner % run];
        }
      }
    }
  }

  private static void apply(
      Kernels kernels, Chain.Stage stage, List<Run<float[]>> values, Run<float[]> y, int length) {
    if (stage instanceof Chain.Unary unary) {
      Run<float[]> x = values.get(unary.x());
      kernels
          .unary()
          .apply(unary.f(), unary.alpha(), unary.beta(), x.array, x.at, y.array, y.at, length);
    } else if (stage instanceof Chain.Binary binary) {
      Run<float[]> a = values.get(binary.a());
      Run<float[]> b = values.get(binary.b());
      kernels
          .binary()
          .apply(binary.f(), a.array, a.at, a.step, b.array, b.at, b.step, y.array, y.at, length);
    } else if (stage instanceof Chain.MultiplyAdd affine) {
      Run<float[]> x = values.get(affine.x());
      Run<float[]> a = values.get(affine.factor());
      Run<float[]> b = values.get(affine.summand());
      for (int i = 0; i < length; i++) {
        float factor = a.array[a.at + i * a.step];
        y.array[y.at + i] =
            Math.fma(x.array[x.at + i * x.step], factor, b.array[b.at + i * b.step]);
      }
    }
  }
}
