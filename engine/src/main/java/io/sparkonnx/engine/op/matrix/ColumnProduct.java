package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.EndsInActivation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * {@link Gemm} or {@link MatMul} of a float matrix by columns with constant weights, by columns
 * again: Y[N, M] = activation(alpha·B'ᵀ·X + beta·C) for X[K, M], the transpose of Gemm's A, and
 * B'[K, N] being B or its transpose. C is missing or a constant with one element, or one per column
 * of Gemm's result.
 *
 * @param transB whether B is [N, K]
 * @param alpha factor on the product
 * @param beta factor on C
 * @param activation applied last
 */
public record ColumnProduct(boolean transB, float alpha, float beta, Activation activation)
    implements EndsInActivation {

  /** Gemm's or MatMul's variant by columns, or null where its weights or its C are not such. */
  static LayoutVariant variant(ColumnProduct product, Layout layout, List<ValueInfo> inputs) {
    ValueInfo b = inputs.get(1);
    boolean weights =
        b.constant() != null && b.element() == ElementType.FLOAT && b.shape().rank() == 2;
    if (!weights
        || (inputs.size() > 2
            && inputs.get(2) != null
            && !isBias(inputs.get(2), product.columns(b)))) {
      return null;
    }
    LayoutVariant first = LayoutVariant.firstInput(product, layout, inputs.size());
    return new LayoutVariant(product, first.inputs(), layout);
  }

  private static boolean isBias(ValueInfo info, Dim columns) {
    Tensor c = info.constant();
    if (c == null) {
      return false;
    }
    boolean perColumn = c.rank() == 0 || c.dim(c.rank() - 1) == c.size();
    return perColumn && (c.size() == 1 || columns.is(c.size()));
  }

  private Dim columns(ValueInfo b) {
    return b.shape().dim(transB ? 0 : 1);
  }

  @Override
  public ColumnProduct withActivation(Activation function) {
    return new ColumnProduct(transB, alpha, beta, function);
  }

  @Override
  public String type() {
    return "Gemm";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape x = context.shape(0);
    Dim rows = rows(context, x.dim(0), 1);
    return List.of(ValueInfo.of(ElementType.FLOAT, Shape.of(rows, x.dim(1))));
  }

  /**
   * The rows of the product.
   *
   * @param given rows of X
   * @param weights index of B among the inputs
   */
  Dim rows(InferenceContext context, Dim given, int weights) {
    Shape b = context.shape(weights);
    Dim wanted = b.dim(transB ? 1 : 0);
    if (given.isConstant() && wanted.isConstant() && !given.equals(wanted)) {
      throw context.error("A has " + given + " columns but B has " + wanted + " rows");
    }
    return b.dim(transB ? 0 : 1);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis axis = context.axis(0);
    if (axis.isRows() && axis.axis() != Layout.FEATURE_MAJOR.rowAxis()) {
      return context.coupled("the product sums over the batch axis");
    }
    return context.all(axis);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Dim k = inputs.get(0).shape().dim(0);
    return outputs.get(0).shape().size().times(k).times(2);
  }

  @Override
  public boolean isFactor(int input) {
    return input <= 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceProducts.columns(this, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    GemmKernel.Layer layer = layer(preparation, 1);
    return context -> run(context, layer.weights(), layer.epilogue());
  }

  /**
   * Packs the constants.
   *
   * @param weights index of B among the inputs; C, if any, is the next one
   */
  GemmKernel.Layer layer(Preparation preparation, int weights) {
    FloatTensor b = (FloatTensor) preparation.constant(weights);
    int n = b.dim(transB ? 0 : 1);
    int k = b.dim(transB ? 1 : 0);
    GemmKernel.PackedA packed =
        preparation
            .kernels()
            .gemm()
            .packLeft(b.array(), b.offset(), n, k, transB ? k : 1, transB ? 1 : n);
    preparation.packed(weights, packed.bytes());
    Epilogue epilogue = new Epilogue(alpha, BiasAxis.NONE, null, null, 0f, 0f);
    if (preparation.has(weights + 1) && beta != 0) {
      float[] bias = FloatGemm.bias(beta, (FloatTensor) preparation.constant(weights + 1), n);
      epilogue = epilogue.withBias(BiasAxis.ROW, bias);
      preparation.packed(weights + 1, (long) n * Float.BYTES);
    }
    return new GemmKernel.Layer(packed, activation.after(epilogue));
  }

  private static void run(StepContext context, GemmKernel.PackedA weights, Epilogue epilogue) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int rows = y.dim(1);
    if (x.dim(0) != weights.k()) {
      throw context.error("A has " + x.dim(0) + " columns but B has " + weights.k() + " rows");
    }
    context
        .kernels()
        .gemm()
        .multiplyLeft(
            weights,
            rows,
            x.array(),
            x.offset(),
            x.dim(1),
            epilogue,
            y.array(),
            y.offset(),
            rows,
            context.scratch());
  }
}
