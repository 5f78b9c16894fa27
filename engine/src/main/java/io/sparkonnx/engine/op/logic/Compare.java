package io.sparkonnx.engine.op.logic;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.ArrayArithmetic;
import io.sparkonnx.engine.op.elementwise.CompareStep;
import io.sparkonnx.engine.op.elementwise.Comparison;
import io.sparkonnx.engine.op.elementwise.DoubleArithmetic;
import io.sparkonnx.engine.op.elementwise.FloatArithmetic;
import io.sparkonnx.engine.op.elementwise.FollowedContents;
import io.sparkonnx.engine.op.elementwise.LongArithmetic;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/** Equal, Less, Greater and their kin: a relation of two broadcast tensors of one type. */
record Compare(String type, Comparison f, Alignment alignment) implements Operator {

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    boolean equality = element == ElementType.BOOL || element == ElementType.STRING;
    if (!equality || f != Comparison.EQUAL) {
      Types.NUMBERS.require(context, 0);
    }
    context.requireSame(0, 1);
    return List.of(
        FollowedContents.fold(context, ElementType.BOOL, alignment.common(context), f::ofContents));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return alignment.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().hasRank() ? outputs.get(0).shape().size() : Dim.ZERO;
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return alignment.equals(Alignment.FROM_END)
        ? DeviceForms.elements(preparation, "v0 " + f.sign() + " v1")
        : null;
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType element = preparation.input(0).element();
    if (element == ElementType.STRING) {
      return new EqualStrings(alignment);
    }
    return new CompareStep(f, arithmetic(preparation, element), alignment);
  }

  private static ArrayArithmetic<?> arithmetic(Preparation preparation, ElementType element) {
    if (!element.isFloatingPoint()) {
      return new LongArithmetic(element);
    }
    return element == ElementType.DOUBLE
        ? new DoubleArithmetic()
        : new FloatArithmetic(preparation.kernels().binary());
  }
}
