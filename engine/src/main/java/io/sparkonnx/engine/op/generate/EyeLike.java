package io.sparkonnx.engine.op.generate;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.tensor.Conversion;
import io.sparkonnx.engine.op.tensor.Fill;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * A matrix of the input's shape with ones on a diagonal and zeros elsewhere.
 *
 * @param element the type; null for the input's
 * @param diagonal 0 is the main one, above it counts up
 */
public record EyeLike(ElementType element, long diagonal) implements Operator {
  static EyeLike of(Attributes attributes) {
    long code = attributes.integer("dtype", 0);
    ElementType element = code == 0 ? null : ElementType.ofCode((int) code);
    if (code != 0 && (element == null || element == ElementType.STRING || element.width() > 1)) {
      throw attributes.error("dtype is " + code + ", which is no type of numbers");
    }
    return new EyeLike(element, attributes.integer("k", 0));
  }

  @Override
  public String type() {
    return "EyeLike";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape shape = context.shape(0);
    if (shape.hasRank() && shape.rank() != 2) {
      throw context.error("input is " + shape + ", expected a matrix");
    }
    return List.of(ValueInfo.of(element == null ? context.element(0) : element, shape));
  }

  /** Each row holds its place, so a matrix over the batch depends on the batch. */
  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.coupled("numbers the rows");
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor output = context.output(0);
    int rows = output.dim(0);
    int columns = output.dim(1);
    Fill.with(output, Tensor.allocate(output.type()));
    Tensor one = Conversion.scalar(1, output.type());
    for (int row = 0; row < rows; row++) {
      long column = row + diagonal;
      if (column >= 0 && column < columns) {
        int at = row * columns + (int) column;
        System.arraycopy(one.array(), 0, output.array(), output.offset() + at, 1);
      }
    }
  }
}
