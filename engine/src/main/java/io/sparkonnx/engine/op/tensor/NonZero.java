package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/** The indices of all elements that are not zero (not empty for strings), one column for each. */
public record NonZero() implements Operator {
  static NonZero of(Attributes attributes) {
    return new NonZero();
  }

  @Override
  public String type() {
    return "NonZero";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape from = context.shape(0);
    Dim rank = from.hasRank() ? Dim.of(from.rank()) : context.fresh();
    return List.of(ValueInfo.of(ElementType.INT64, Shape.of(rank, context.fresh())));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.coupled("counts elements across rows");
  }

  @Override
  public Step prepare(Preparation preparation) {
    return NonZero::run;
  }

  private static void run(StepContext context) {
    Tensor input = context.input(0);
    int[] found = new int[input.size()];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      if (isNonZero(input, i)) {
        found[count++] = i;
      }
    }
    LongTensor output = (LongTensor) context.output(0, input.rank(), count);
    int[] strides = StridedCopy.strides(input.dims());
    for (int axis = 0; axis < strides.length; axis++) {
      int at = output.offset() + axis * count;
      for (int i = 0; i < count; i++) {
        output.array()[at + i] = found[i] / strides[axis] % input.dim(axis);
      }
    }
  }

  private static boolean isNonZero(Tensor input, int index) {
    if (input instanceof StringTensor texts) {
      return texts.end(index) > texts.begin(index);
    }
    if (input.type().width() > 1) {
      return input.doubleAt(2 * index) != 0 || input.doubleAt(2 * index + 1) != 0;
    }
    return input.type().isFloatingPoint() ? input.doubleAt(index) != 0 : input.longAt(index) != 0;
  }
}
