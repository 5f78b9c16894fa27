package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * SVMRegressor: Σ coefficient·k(x, v) + rho over the support vectors, [N, 1]; or x·coefficients +
 * rho where there are none. For one class the result is 1 where it is positive, else −1.
 *
 * @param vectors support vectors, or null
 * @param coefficients one per support vector, or per column
 * @param rho added
 * @param isOneClass whether only the sign counts
 * @param transform applied before the sign is taken
 */
record SvmRegressor(
    SupportVectors vectors,
    float[] coefficients,
    float rho,
    boolean isOneClass,
    PostTransform transform)
    implements Operator {
  private static final int BLOCK_ROWS = 64;

  static SvmRegressor of(Attributes attributes) {
    long count = attributes.integer("n_supports", 0);
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw attributes.error("n_supports is " + count);
    }
    float[] coefficients = attributes.reals("coefficients");
    float[] rho = attributes.reals("rho");
    if (coefficients == null || coefficients.length == 0) {
      throw attributes.error("coefficients is empty");
    }
    if (rho == null || rho.length == 0) {
      throw attributes.error("rho is empty");
    }
    if (count > 0 && coefficients.length != count) {
      throw attributes.error(
          coefficients.length + " coefficients for " + count + " support vectors");
    }
    return new SvmRegressor(
        count == 0 ? null : SupportVectors.of(attributes, (int) count),
        coefficients,
        rho[0],
        attributes.flag("one_class", false),
        PostTransform.of(attributes).forTargets(1));
  }

  @Override
  public String type() {
    return "SVMRegressor";
  }

  private int columns() {
    return vectors == null ? coefficients.length : vectors.columns();
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    Features.requireColumns(context, columns());
    return List.of(ValueInfo.of(ElementType.FLOAT, Shape.of(Features.rows(context), Dim.ONE)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    long each = vectors == null ? columns() : vectors.vectors().length;
    return outputs.get(0).shape().size().times(2 * each);
  }

  @Override
  public Step prepare(Preparation preparation) {
    GemmKernel.PackedB sum =
        preparation.kernels().gemm().pack(coefficients, 0, coefficients.length, 1, 1, 1);
    Epilogue epilogue = Epilogue.IDENTITY.withBias(BiasAxis.COLUMN, new float[] {rho});
    SupportVectors.Packed packed = vectors == null ? null : vectors.pack(preparation.kernels());
    return context -> {
      Features.checkColumns(context, columns());
      FloatTensor y = context.floatOutput(0);
      if (vectors == null) {
        LinearScores.run(context, Features.of(context, 0), sum, epilogue, y.array(), y.offset());
      } else {
        run(context, packed, sum, epilogue, y);
      }
      finish(context, y);
    };
  }

  private void run(
      StepContext context,
      SupportVectors.Packed packed,
      GemmKernel.PackedB sum,
      Epilogue epilogue,
      FloatTensor y) {
    int extra = BLOCK_ROWS * vectors.count();
    Features x = Features.of(context, extra);
    int values = Features.end(context.input(0));
    float[] array = context.scratch().floats(Scratch.OPERATOR, values + extra);
    for (int first = 0; first < x.rows(); first += BLOCK_ROWS) {
      int rows = Math.min(BLOCK_ROWS, x.rows() - first);
      context.checkCancelled();
      vectors.run(context, packed, x, first, rows, array, values);
      Features block = new Features(array, values, rows, vectors.count(), Layout.ROW_MAJOR);
      LinearScores.run(context, block, sum, epilogue, y.array(), y.offset() + first);
    }
  }

  private void finish(StepContext context, FloatTensor y) {
    transform.apply(context.kernels(), y.array(), y.offset(), y.size(), 1);
    for (int i = y.offset(); isOneClass && i < y.offset() + y.size(); i++) {
      y.array()[i] = y.array()[i] > 0 ? 1f : -1f;
    }
  }
}
