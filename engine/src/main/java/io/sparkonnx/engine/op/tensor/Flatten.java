package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * A matrix: the axes before {@code axis} become its rows, the others its columns.
 *
 * @param axis in [−rank, rank]
 */
public record Flatten(long axis) implements Operator {
  static Flatten of(Attributes attributes) {
    return new Flatten(attributes.integer("axis", 1));
  }

  @Override
  public String type() {
    return "Flatten";
  }

  @Override
  public int viewOf(int output) {
    return 0;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      return List.of(ValueInfo.of(context.element(0), context.freshShape(2)));
    }
    int rank = from.rank();
    if (axis < -rank || axis > rank) {
      throw context.error("axis " + axis + " is outside a shape of " + rank + " dimensions");
    }
    int split = split(rank);
    Shape shape = Shape.of(from.product(0, split), from.product(split, rank));
    return List.of(ValueInfo.of(context.element(0), shape));
  }

  private int split(int rank) {
    return (int) (axis < 0 ? axis + rank : axis);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.reshaped();
  }

  @Override
  public Step prepare(Preparation preparation) {
    return context -> {
      Tensor input = context.input(0);
      int[] dims = {1, 1};
      for (int i = 0; i < input.rank(); i++) {
        dims[i < split(input.rank()) ? 0 : 1] *= input.dim(i);
      }
      context.set(0, input.reshaped(dims));
    };
  }
}
