package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * The triangle of the last two axes on and above (or below) the diagonal that input 1 names, zeros
 * elsewhere.
 */
public record Trilu(boolean upper) implements Operator {
  static Trilu of(Attributes attributes) {
    return new Trilu(attributes.flag("upper", true));
  }

  @Override
  public String type() {
    return "Trilu";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape shape = context.shape(0);
    if (shape.hasRank() && shape.rank() < 2) {
      throw context.error("input is " + shape + ", expected at least two dimensions");
    }
    return List.of(ValueInfo.of(context.element(0), shape));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape shape = context.input(0).shape();
    if (!shape.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    return context.keepsAxis(shape.rank() - 2, shape.rank() - 1);
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor input = context.input(0);
    Tensor output = context.output(0);
    Tensor diagonal = context.inputs() > 1 ? context.input(1) : null;
    long shift = diagonal == null ? 0 : diagonal.longAt(0);
    int columns = input.dim(input.rank() - 1);
    int rows = input.dim(input.rank() - 2);
    Tensor zero = Tensor.allocate(output.type());
    Runs.copy(input, output);
    for (int first = 0; first < output.size(); first += columns) {
      long edge = first / columns % rows + shift + (upper ? 0 : 1);
      int cut = (int) Math.max(0, Math.min(columns, edge));
      Fill.range(output, zero, first + (upper ? 0 : cut), first + (upper ? cut : columns));
    }
  }
}
