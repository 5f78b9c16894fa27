package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.matrix.Gemm;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Linear functions of a row's features: score t is Σ x[c]·coefficients[t, c] + intercepts[t].
 *
 * <p>Where the model declares an input with fewer columns C than there are coefficients for, the
 * first targets·C of them are meant, as ONNX Runtime reads such files.
 *
 * @param targets number of functions
 * @param coefficients [targets, columns]
 * @param intercepts [targets], or null for none
 * @param layout of the features
 */
record LinearScores(int targets, float[] coefficients, float[] intercepts, Layout layout) {

  static LinearScores of(Attributes attributes, int targets) {
    float[] coefficients = attributes.reals("coefficients");
    float[] intercepts = attributes.reals("intercepts");
    if (coefficients == null || coefficients.length % targets != 0) {
      throw attributes.error(
          (coefficients == null ? 0 : coefficients.length)
              + " coefficients cannot be divided among "
              + targets
              + " targets");
    }
    boolean none = intercepts == null || intercepts.length == 0;
    if (!none && intercepts.length != targets) {
      throw attributes.error(intercepts.length + " intercepts for " + targets + " targets");
    }
    return new LinearScores(targets, coefficients, none ? null : intercepts, Layout.ROW_MAJOR);
  }

  LinearScores inLayout(Layout wanted) {
    return new LinearScores(targets, coefficients, intercepts, wanted);
  }

  /** Checks that there are enough coefficients for the columns of input 0. */
  void infer(InferenceContext context) {
    long columns = Features.columns(context, layout);
    if (columns * targets > coefficients.length) {
      throw context.error(
          "X has " + columns + " columns, expected " + coefficients.length / targets);
    }
  }

  /** Columns of the input as far as they are known, else as there are coefficients. */
  int columns(Shape x) {
    boolean some = x.hasRank() && x.rank() > 0;
    Dim columns = some ? x.dim(layout.featureAxis(x.rank())) : null;
    boolean known = some && columns.isConstant();
    return known ? (int) columns.value() : coefficients.length / targets;
  }

  /** The coefficients in a kernel's own form, for an input of shape {@code x}. */
  GemmKernel.PackedB pack(GemmKernel kernel, Shape x) {
    int columns = columns(x);
    return kernel.pack(coefficients, 0, columns, targets, 1, columns);
  }

  /** The scores as a part that reads input 0 of the node; null where a device does not take it. */
  DeviceParts.Source source(DeviceParts parts) {
    if (!parts.isFloats(0, 2)) {
      return null;
    }
    int columns = columns(parts.known(0).shape());
    float[] read = Arrays.copyOf(coefficients, targets * columns);
    String weights = parts.constant("coefficients", Tensor.of(read, targets, columns));
    boolean byColumns = layout == Layout.FEATURE_MAJOR;
    Gemm product = new Gemm(byColumns, true, 1f, 1f, false, Activation.NONE);
    if (intercepts == null) {
      return new DeviceParts.Source(product, List.of(parts.input(0), weights));
    }
    String last = parts.constant("intercepts", Tensor.of(intercepts, targets));
    return new DeviceParts.Source(product, List.of(parts.input(0), weights, last));
  }

  Epilogue epilogue() {
    return intercepts == null
        ? Epilogue.IDENTITY
        : Epilogue.IDENTITY.withBias(BiasAxis.COLUMN, intercepts);
  }

  /** Scores {@code x} into {@code y[rows, targets]} from index {@code at}. */
  static void run(
      StepContext context,
      Features x,
      GemmKernel.PackedB packed,
      Epilogue epilogue,
      float[] y,
      int at) {
    context
        .kernels()
        .gemm()
        .multiply(
            x.rows(),
            x.array(),
            x.offset(),
            x.rowStride(),
            x.columnStride(),
            packed,
            epilogue,
            y,
            at,
            packed.n(),
            context.scratch());
  }
}
