package io.sparkonnx.engine.op.math;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.FloatFold;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.elementwise.Alignment;
import io.sparkonnx.engine.op.elementwise.Arithmetic;
import io.sparkonnx.engine.op.elementwise.ArrayArithmetic;
import io.sparkonnx.engine.op.elementwise.DoubleArithmetic;
import io.sparkonnx.engine.op.elementwise.FloatArithmetic;
import io.sparkonnx.engine.op.elementwise.FoldStep;
import io.sparkonnx.engine.op.elementwise.LongArithmetic;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Pow: base to the exponent, both broadcast, in the base's type. An integer base to a fractional
 * power is truncated. A constant exponent of 2 multiplies.
 */
record Pow(Alignment alignment) implements FloatFold {
  @Override
  public String type() {
    return "Pow";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType base = Types.NUMBERS.require(context, 0);
    Types.NUMBERS.require(context, 1);
    return List.of(ValueInfo.of(base, alignment.common(context)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return alignment.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().hasRank() ? outputs.get(0).shape().size() : Dim.ZERO;
  }

  /** A constant exponent of 2 may be of any type. */
  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    if (preparation.element(0) != ElementType.FLOAT
        || preparation.outputRank() > DeviceForms.MAX_RANK) {
      return null;
    }
    if (isSquare(preparation.inputs().get(1).constant())) {
      return context -> fold(context, BinaryFunction.MUL, 0);
    }
    boolean fits =
        preparation.element(1) == ElementType.FLOAT
            && alignment.equals(Alignment.FROM_END)
            && DeviceForms.has(preparation, BinaryFunction.POW);
    return fits ? context -> fold(context, BinaryFunction.POW, 1) : null;
  }

  private static void fold(DeviceContext context, BinaryFunction f, int second) {
    DeviceForms.binary(
        context, f, context.input(0), context.dims(0), context.input(second), context.dims(second));
  }

  private static boolean isSquare(Tensor exponent) {
    return exponent != null && exponent.size() == 1 && exponent.doubleAt(0) == 2;
  }

  @Override
  public BinaryFunction foldedBy() {
    return alignment.equals(Alignment.FROM_END) ? BinaryFunction.POW : null;
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType base = preparation.input(0).element();
    boolean square = isSquare(preparation.constant(1));
    ArrayArithmetic<?> arithmetic;
    if (base == ElementType.DOUBLE) {
      arithmetic = new DoubleArithmetic();
    } else if (base.isFloatingPoint()) {
      arithmetic = new FloatArithmetic(preparation.kernels().binary());
    } else if (preparation.input(1).element().isFloatingPoint()) {
      return new FoldStep(
          Arithmetic.POW, new DoubleArithmetic(), alignment, new int[] {0, 1}, false);
    } else {
      arithmetic = new LongArithmetic(base);
    }
    Arithmetic f = square ? Arithmetic.MUL : Arithmetic.POW;
    int[] operands = square ? new int[] {0, 0} : new int[] {0, 1};
    return new FoldStep(f, arithmetic, square ? Alignment.FROM_END : alignment, operands, false);
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }
}
