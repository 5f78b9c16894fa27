package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.EndsInActivation;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * MatMul: Y[…, M, N] = activation(A[…, M, K]·B[…, K, N] + bias[N]), leading axes broadcast; an A or
 * B of one axis is a row or a column whose axis of length 1 the result does not have. For floating
 * point and for 32- and 64-bit integers, which wrap.
 *
 * @param activation applied to the float result; ONNX's own MatMul has neither it nor a bias
 */
public record MatMul(Activation activation) implements EndsInActivation {

  static MatMul of(Attributes attributes) {
    return new MatMul(Activation.NONE);
  }

  @Override
  public MatMul withActivation(Activation function) {
    return new MatMul(function);
  }

  @Override
  public String type() {
    return "MatMul";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0,
            ElementType.FLOAT,
            ElementType.DOUBLE,
            ElementType.FLOAT16,
            ElementType.BFLOAT16,
            ElementType.INT32,
            ElementType.INT64,
            ElementType.UINT32,
            ElementType.UINT64);
    context.requireSame(0, 1);
    Shape y = shape(context, context.shape(0), context.shape(1));
    if (context.has(2)) {
      context.requireSame(0, 2);
      requireBias(context, y);
    }
    return List.of(ValueInfo.of(type, y));
  }

  private static void requireBias(InferenceContext context, Shape y) {
    Shape bias = context.shape(2);
    if (!y.hasRank() || !bias.isConstant() || context.shape(1).rank() < 2) {
      return;
    }
    Dim columns = y.dim(y.rank() - 1);
    if (bias.rank() != 1 || (columns.isConstant() && !columns.equals(bias.dim(0)))) {
      throw context.error("the bias has shape " + bias + ", expected [" + columns + "]");
    }
  }

  /** Shape of the product; also MatMulInteger's. */
  public static Shape shape(InferenceContext context, Shape a, Shape b) {
    if (!a.hasRank() || !b.hasRank()) {
      return Shape.UNKNOWN;
    }
    if (a.rank() == 0 || b.rank() == 0) {
      throw context.error("A has shape " + a + " and B has shape " + b + ", expected no scalar");
    }
    Dim columns = a.dim(a.rank() - 1);
    Dim rows = b.dim(Math.max(0, b.rank() - 2));
    if (columns.isConstant() && rows.isConstant() && !columns.equals(rows)) {
      throw context.error("A has " + columns + " columns but B has " + rows + " rows");
    }
    Shape leading = Shape.broadcast(leading(a), leading(b));
    if (leading == null) {
      throw context.error("leading axes of A " + a + " and B " + b + " do not broadcast");
    }
    List<Dim> dims = new ArrayList<>(leading.dims());
    if (a.rank() > 1) {
      dims.add(a.dim(a.rank() - 2));
    }
    if (b.rank() > 1) {
      dims.add(b.dim(b.rank() - 1));
    }
    return Shape.of(dims);
  }

  private static Shape leading(Shape shape) {
    return Shape.of(shape.dims().subList(0, Math.max(0, shape.rank() - 2)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return ProductBatch.of(context);
  }

  /** With constant weights the result is by columns too; else it is a Gemm with A transposed. */
  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    Shape a = inputs.get(0).shape();
    Shape b = inputs.get(1).shape();
    if (!a.hasRank() || a.rank() != 2 || !b.hasRank() || b.rank() != 2) {
      return null;
    }
    ColumnProduct product = new ColumnProduct(false, 1f, 1f, activation);
    LayoutVariant byColumns = ColumnProduct.variant(product, layout, inputs);
    if (byColumns != null) {
      return byColumns;
    }
    Gemm gemm = new Gemm(true, false, 1f, 1f, false, activation);
    return LayoutVariant.firstInput(gemm, layout, inputs.size());
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape a = inputs.get(0).shape();
    Shape y = outputs.get(0).shape();
    return a.hasRank() && y.hasRank() ? y.size().times(a.dim(a.rank() - 1)).times(2) : Dim.ZERO;
  }

  @Override
  public boolean isFactor(int input) {
    return input <= 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceProducts.matMul(activation, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (HalfPrecision.isHalf(type)) {
      return HalfPrecision.prepare(preparation, p -> FloatMatMul.prepare(activation, p));
    }
    return type == ElementType.FLOAT
        ? FloatMatMul.prepare(activation, preparation)
        : MatMul::runPlain;
  }

  private static void runPlain(StepContext context) {
    Tensor a = context.input(0);
    Tensor b = context.input(1);
    Tensor y = context.output(0);
    MatMulShape shape = MatMulShape.of(context, null);
    for (int batch = 0; batch < shape.batches(); batch++) {
      context.checkCancelled();
      PlainProducts.multiply(
          shape.m(),
          shape.n(),
          shape.k(),
          new PlainProducts.Matrix(a, shape.aStart(batch), shape.k(), 1),
          new PlainProducts.Matrix(b, shape.bStart(batch), shape.n(), 1),
          y,
          batch * shape.m() * shape.n());
    }
  }
}
