package io.sparkonnx.engine.op.math;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.AbsorbableFunction;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.elementwise.ArrayArithmetic;
import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.op.elementwise.FollowedContents;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * An element-wise function of one tensor. 16-bit floats are computed as floats and rounded; floats
 * of functions that have no kernel as doubles.
 */
record Unary(String type, UnaryRow row, float alpha, float beta) implements AbsorbableFunction {

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Types types = row.integer() == null ? Types.FLOATS : Types.NUMBERS;
    ElementType element = types.require(context, 0);
    return List.of(FollowedContents.map(context, element, row::ofContents));
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return LayoutVariant.elementwise(this, layout);
  }

  @Override
  public Activation asActivation(List<ValueInfo> inputs) {
    return row.kernel() == null ? null : new Activation(row.kernel(), alpha, beta);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis();
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().hasRank() ? outputs.get(0).shape().size() : Dim.ZERO;
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    UnaryFunction f = row.kernel();
    if (f == null || !DeviceForms.has(preparation, f)) {
      return null;
    }
    return context ->
        ElementwiseKernels.unary(
            context.queue(),
            f,
            alpha,
            beta,
            context.input(0),
            context.output(),
            DeviceForms.size(context.outputDims()));
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType element = preparation.input(0).element();
    UnaryFunction f = row.kernel();
    UnaryKernel kernel = preparation.kernels().unary();
    if (!element.isFloatingPoint()) {
      LongUnaryOperator integer = element == ElementType.UINT64 ? row.unsigned() : row.integer();
      return context -> integers(integer, context.input(0), context.output(0));
    }
    if (element == ElementType.FLOAT && f != null) {
      return context -> {
        FloatTensor x = context.floats(0);
        FloatTensor y = context.floatOutput(0);
        kernel.apply(f, alpha, beta, x.array(), x.offset(), y.array(), y.offset(), y.size());
      };
    }
    if (element != ElementType.DOUBLE && f != null) {
      return context -> halves(kernel, context.input(0), context.output(0), context.scratch());
    }
    return context -> reals(context.input(0), context.output(0));
  }

  private void halves(UnaryKernel kernel, Tensor x, Tensor y, Scratch scratch) {
    int block = ArrayArithmetic.BLOCK;
    float[] floats = scratch.floats(0, block);
    for (int start = 0; start < y.size(); start += block) {
      int length = Math.min(block, y.size() - start);
      Elements.load(x, x.offset() + start, 1, floats, 0, length);
      kernel.apply(row.kernel(), alpha, beta, floats, 0, floats, 0, length);
      Elements.store(floats, 0, y, y.offset() + start, length);
    }
  }

  private void reals(Tensor x, Tensor y) {
    if (x instanceof DoubleTensor from && y instanceof DoubleTensor to) {
      reals(from.array(), from.offset(), to.array(), to.offset(), y.size());
      return;
    }
    double[] doubles = new double[ArrayArithmetic.BLOCK];
    for (int start = 0; start < y.size(); start += doubles.length) {
      int length = Math.min(doubles.length, y.size() - start);
      Elements.load(x, x.offset() + start, 1, doubles, 0, length);
      reals(doubles, 0, doubles, 0, length);
      Elements.store(doubles, 0, y, y.offset() + start, length);
    }
  }

  private void reals(double[] x, int xAt, double[] y, int yAt, int length) {
    UnaryRow.Real f = row.real();
    for (int i = 0; i < length; i++) {
      y[yAt + i] = f.apply(x[xAt + i], alpha, beta);
    }
  }

  private static void integers(LongUnaryOperator f, Tensor x, Tensor y) {
    long[] longs = new long[ArrayArithmetic.BLOCK];
    for (int start = 0; start < y.size(); start += longs.length) {
      int length = Math.min(longs.length, y.size() - start);
      Elements.load(x, x.offset() + start, 1, longs, 0, length);
      for (int i = 0; i < length; i++) {
        longs[i] = f.applyAsLong(longs[i]);
      }
      Elements.store(longs, 0, y, y.offset() + start, length);
    }
  }
}
