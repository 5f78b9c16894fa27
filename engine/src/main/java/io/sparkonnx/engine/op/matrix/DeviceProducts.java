package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.DeviceEpilogue;
import io.sparkonnx.engine.kernel.opencl.ProductKernels;
import io.sparkonnx.engine.kernel.opencl.ProductKernels.Matrix;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;

/** Matrix products on a device. */
final class DeviceProducts {
  private DeviceProducts() {}

  static DeviceStep matMul(Activation activation, DevicePreparation preparation) {
    boolean fits =
        DeviceForms.has(preparation, activation)
            && preparation.rank(0) > 0
            && preparation.rank(1) > 0;
    return fits ? context -> matMul(activation, context) : null;
  }

  private static void matMul(Activation activation, DeviceContext context) {
    MatMulShape shape = MatMulShape.of(context.dims(0), context.dims(1));
    DeviceArray bias = context.has(2) ? context.input(2) : null;
    DeviceEpilogue epilogue = DeviceForms.epilogue(activation, 1f, BiasAxis.COLUMN, bias);
    int aStep = layerStep(shape.aIndex());
    int bStep = layerStep(shape.bIndex());
    if (aStep >= 0 && bStep >= 0) {
      multiply(context, shape, 0, shape.batches(), aStep, bStep, epilogue);
      return;
    }
    for (int batch = 0; batch < shape.batches(); batch++) {
      multiply(context, shape, batch, 1, 0, 0, epilogue);
    }
  }

  /** 1 where each layer has a matrix of its own, 0 where all have the first, else −1. */
  private static int layerStep(int[] index) {
    boolean own = true;
    boolean same = true;
    for (int i = 0; i < index.length; i++) {
      own &= index[i] == i;
      same &= index[i] == 0;
    }
    return same ? 0 : own ? 1 : -1;
  }

  private static void multiply(
      DeviceContext context,
      MatMulShape shape,
      int first,
      int layers,
      int aStep,
      int bStep,
      DeviceEpilogue epilogue) {
    if (layers == 0) {
      return;
    }
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    DeviceArray a = context.factor(0).behind(shape.aStart(first));
    DeviceArray b = context.factor(1).behind(shape.bStart(first));
    ProductKernels.multiply(
        context.queue(),
        layers,
        m,
        n,
        k,
        new Matrix(a, k, 1, aStep * m * k),
        new Matrix(b, n, 1, bStep * k * n),
        context.output().behind(first * m * n),
        epilogue);
  }

  static DeviceStep columns(ColumnProduct product, DevicePreparation preparation) {
    boolean summand = preparation.has(2) && product.beta() != 0;
    boolean fits =
        DeviceForms.has(preparation, product.activation()) && (!summand || product.beta() == 1);
    return fits ? context -> columns(product, summand, context) : null;
  }

  private static void columns(ColumnProduct product, boolean summand, DeviceContext context) {
    int m = context.outputDims()[0];
    int n = context.outputDims()[1];
    int k = context.dims(0)[0];
    boolean perRow = summand && DeviceForms.size(context.dims(2)) == m;
    Activation inside = summand && !perRow ? Activation.NONE : product.activation();
    boolean transposed = product.transB();
    ProductKernels.multiply(
        context.queue(),
        1,
        m,
        n,
        k,
        new Matrix(context.factor(1), transposed ? k : 1, transposed ? 1 : m, 0),
        new Matrix(context.factor(0), n, 1, 0),
        context.output(),
        DeviceForms.epilogue(
            inside, product.alpha(), BiasAxis.ROW, perRow ? context.input(2) : null));
    if (summand && !perRow) {
      add(context, context.input(2), new int[0], product.activation());
    }
  }

  private static void add(
      DeviceContext context, DeviceArray summand, int[] dims, Activation activation) {
    DeviceForms.binary(
        context, BinaryFunction.ADD, context.output(), context.outputDims(), summand, dims);
    DeviceForms.activate(context, activation);
  }

  static DeviceStep gemm(Gemm gemm, DevicePreparation preparation) {
    boolean summand = preparation.has(2) && gemm.beta() != 0;
    boolean fits =
        DeviceForms.has(preparation, gemm.activation()) && (!summand || gemm.beta() == 1);
    return fits ? context -> gemm(gemm, summand, context) : null;
  }

  private static void gemm(Gemm gemm, boolean summand, DeviceContext context) {
    int m = context.outputDims()[0];
    int n = context.outputDims()[1];
    int k = m == 0 ? 0 : DeviceForms.size(context.dims(0)) / m;
    boolean perColumn = summand && isRow(context.dims(2), n);
    Activation inside = summand && !perColumn ? Activation.NONE : gemm.activation();
    ProductKernels.multiply(
        context.queue(),
        1,
        m,
        n,
        k,
        new Matrix(context.factor(0), gemm.transA() ? 1 : k, gemm.transA() ? m : 1, 0),
        new Matrix(context.factor(1), gemm.transB() ? 1 : n, gemm.transB() ? k : 1, 0),
        context.output(),
        DeviceForms.epilogue(
            inside, gemm.alpha(), BiasAxis.COLUMN, perColumn ? context.input(2) : null));
    if (summand && !perColumn) {
      add(context, context.input(2), context.dims(2), gemm.activation());
    }
  }

  /** Whether a summand is one row of n columns. */
  private static boolean isRow(int[] dims, int n) {
    return dims.length > 0 && dims[dims.length - 1] == n && DeviceForms.size(dims) == n;
  }
}
