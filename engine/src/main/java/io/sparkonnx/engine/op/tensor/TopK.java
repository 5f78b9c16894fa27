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
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * The k largest or smallest elements along an axis, in order, and where they were. Of equal ones
 * the first comes first; NaN is larger than every number. k is an attribute (opset 1) or input 1
 * (from 10).
 */
public final class TopK implements Operator {
  private final long axis;
  private final long attribute;
  private final boolean largest;

  private TopK(Attributes attributes, long attribute) {
    this.axis = attributes.integer("axis", -1);
    this.attribute = attribute;
    this.largest = attributes.flag("largest", true);
  }

  static TopK fromAttribute(Attributes attributes) {
    return new TopK(attributes, attributes.integer("k"));
  }

  static TopK fromInput(Attributes attributes) {
    return new TopK(attributes, -1);
  }

  @Override
  public String type() {
    return "TopK";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      return List.of(
          ValueInfo.of(element, Shape.UNKNOWN), ValueInfo.of(ElementType.INT64, Shape.UNKNOWN));
    }
    int along = context.axis(axis, from.rank());
    List<Dim> given = attribute >= 0 ? Integers.dims(attribute) : Integers.symbolic(context, 1);
    Dim k = given == null ? context.fresh() : given.get(0);
    Dim length = from.dim(along);
    if (k.isConstant() && (k.value() < 0 || (length.isConstant() && k.value() > length.value()))) {
      throw context.error("k is " + k + " for an axis of " + length);
    }
    Shape shape = from.with(along, k);
    return List.of(ValueInfo.of(element, shape), ValueInfo.of(ElementType.INT64, shape));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape from = context.input(0).shape();
    if (!from.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    return context.keepsAxis((int) (axis < 0 ? axis + from.rank() : axis));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor input = context.input(0);
    int along = (int) (axis < 0 ? axis + input.rank() : axis);
    int length = input.dim(along);
    int[] dims = input.dims();
    long k = attribute >= 0 ? attribute : context.input(1).longAt(0);
    if (k < 0 || k > length) {
      throw context.error("k is " + k + " for an axis of " + length);
    }
    dims[along] = (int) k;
    Tensor values = context.wants(0) ? context.output(0, dims) : null;
    LongTensor places =
        context.outputs() > 1 && context.wants(1) ? (LongTensor) context.output(1, dims) : null;
    int inner = StridedCopy.strides(dims)[along];
    inner = k == 0 ? 1 : inner;
    int lanes = k == 0 ? 0 : Tensor.sizeOf(dims) / (int) k;
    Selection selection = new Selection(length, (int) k, largest);
    int[] positions = context.scratch().ints((int) k);
    for (int lane = 0; lane < lanes; lane++) {
      context.checkCancelled();
      int from = lane / inner * length * inner + lane % inner;
      int to = lane / inner * (int) k * inner + lane % inner;
      selection.select(input, from, inner);
      for (int i = 0; i < k; i++) {
        positions[i] = from + selection.place(i) * inner;
        if (places != null) {
          places.array()[places.offset() + to + i * inner] = selection.place(i);
        }
      }
      if (values != null) {
        Runs.spread(input, positions, (int) k, values, to, inner);
      }
    }
  }
}
