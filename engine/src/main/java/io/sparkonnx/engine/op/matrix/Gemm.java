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
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Gemm: Y[M, N] = activation(alpha·A'·B' + beta·C), A' being A[M, K] or the transpose of A[K, M],
 * likewise B', and C broadcast to [M, N]. For floating point and for 32- and 64-bit integers, which
 * wrap; alpha and beta are then applied in double and truncated.
 *
 * @param transA whether A is transposed
 * @param transB whether B is transposed
 * @param alpha factor on the product
 * @param beta factor on C
 * @param flattens whether axes of A behind the first are columns (before opset 7)
 * @param activation applied to the float result; ONNX's own Gemm has none
 */
public record Gemm(
    boolean transA,
    boolean transB,
    float alpha,
    float beta,
    boolean flattens,
    Activation activation)
    implements EndsInActivation {

  static Gemm of(Attributes attributes) {
    return create(attributes, false);
  }

  /** Before opset 7, when exporters gave A more than two axes; C is broadcast without asking. */
  static Gemm legacy(Attributes attributes) {
    return create(attributes, true);
  }

  private static Gemm create(Attributes attributes, boolean flattens) {
    return new Gemm(
        attributes.flag("transA", false),
        attributes.flag("transB", false),
        attributes.real("alpha", 1f),
        attributes.real("beta", 1f),
        flattens,
        Activation.NONE);
  }

  public Gemm withBeta(float factor) {
    return new Gemm(transA, transB, alpha, factor, flattens, activation);
  }

  @Override
  public Gemm withActivation(Activation function) {
    return new Gemm(transA, transB, alpha, beta, flattens, function);
  }

  @Override
  public String type() {
    return "Gemm";
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
    Shape a = matrix(context, "A", context.shape(0));
    Shape b = matrix(context, "B", context.shape(1));
    Dim m = a.hasRank() ? a.dim(transA ? 1 : 0) : context.fresh();
    Dim n = b.hasRank() ? b.dim(transB ? 0 : 1) : context.fresh();
    if (a.hasRank() && b.hasRank()) {
      Dim columns = a.dim(transA ? 0 : 1);
      Dim rows = b.dim(transB ? 1 : 0);
      if (columns.isConstant() && rows.isConstant() && !columns.equals(rows)) {
        throw context.error("A has " + columns + " columns but B has " + rows + " rows");
      }
    }
    Shape y = Shape.of(m, n);
    if (context.has(2)) {
      context.requireSame(0, 2);
      requireBroadcast(context, context.shape(2), y);
    }
    return List.of(ValueInfo.of(type, y));
  }

  private Shape matrix(InferenceContext context, String name, Shape shape) {
    if (!shape.hasRank() || shape.rank() == 2) {
      return shape;
    }
    if (!flattens || shape.rank() < 2 || !name.equals("A") || transA) {
      throw context.error(name + " has shape " + shape + ", expected a matrix");
    }
    return Shape.of(shape.dim(0), shape.product(1, shape.rank()));
  }

  private static void requireBroadcast(InferenceContext context, Shape c, Shape y) {
    if (!c.hasRank()) {
      return;
    }
    boolean fits = c.rank() <= 2;
    for (int i = 0; fits && i < c.rank(); i++) {
      Dim length = c.dim(i);
      Dim target = y.dim(i + 2 - c.rank());
      boolean known = length.isConstant() && target.isConstant();
      fits = length.is(1) || !known || length.equals(target);
    }
    if (!fits) {
      throw context.error("C of shape " + c + " does not broadcast to " + y);
    }
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis left = context.axis(0);
    BatchAxis right = context.axis(1);
    if (left.isRows() == right.isRows()) {
      return context.coupled("the batch must be in A or in B, not in both or in C alone");
    }
    int rowAxis = left.isRows() ? (transA ? 1 : 0) : (transB ? 0 : 1);
    BatchAxis factor = left.isRows() ? left : right;
    if (factor.axis() != rowAxis) {
      return context.coupled("the product sums over the batch axis");
    }
    int output = left.isRows() ? 0 : 1;
    BatchAxis other = left.isRows() ? right : left;
    if (!other.isShared() || !followed(context, output)) {
      return context.coupled("C or the other factor depends on the batch in another way");
    }
    return context.all(BatchAxis.rows(output));
  }

  /** Whether C has the batch at the output's axis too, or is the same for all rows. */
  private static boolean followed(BatchContext context, int output) {
    if (context.inputs() < 3 || context.input(2) == null) {
      return true;
    }
    Shape c = context.input(2).shape();
    if (!c.hasRank()) {
      return false;
    }
    BatchAxis axis = context.axis(2);
    int at = output - (2 - c.rank());
    if (axis.isRows()) {
      return axis.axis() == at && c.dim(at).equals(context.output(0).shape().dim(output));
    }
    return axis.isShared() && (at < 0 || c.dim(at).is(1));
  }

  /** With constant weights the result is by columns too; else A by columns is A transposed. */
  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    ColumnProduct product = new ColumnProduct(transB, alpha, beta, activation);
    LayoutVariant byColumns = transA ? null : ColumnProduct.variant(product, layout, inputs);
    if (byColumns != null) {
      return byColumns;
    }
    Gemm transposed = new Gemm(!transA, transB, alpha, beta, flattens, activation);
    return LayoutVariant.firstInput(transposed, layout, inputs.size());
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape b = inputs.get(1).shape();
    Dim k = b.hasRank() ? b.dim(transB ? 1 : 0) : Dim.ZERO;
    return outputs.get(0).shape().size().times(k).times(2);
  }

  @Override
  public boolean isFactor(int input) {
    return input <= 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceProducts.gemm(this, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (HalfPrecision.isHalf(type)) {
      return HalfPrecision.prepare(preparation, p -> FloatGemm.prepare(this, p));
    }
    return type == ElementType.FLOAT ? FloatGemm.prepare(this, preparation) : new PlainGemm(this);
  }
}
