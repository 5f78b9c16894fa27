package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.StepContext;
import java.util.Arrays;

/**
 * The kernel function k(x, v) of a row and each support vector: LINEAR x·v, POLY (γ·x·v +
 * c)^degree, SIGMOID tanh(γ·x·v + c), RBF exp(−γ·|x − v|²).
 *
 * @param count number of support vectors
 * @param vectors [count, columns]
 */
record SupportVectors(
    Function function, float gamma, float coefficient, float degree, int count, float[] vectors) {

  /** Kernel functions. */
  enum Function {
    LINEAR,
    POLY,
    RBF,
    SIGMOID
  }

  static SupportVectors of(Attributes attributes, int count) {
    float[] vectors = attributes.reals("support_vectors");
    if (vectors == null || vectors.length == 0 || vectors.length % count != 0) {
      throw attributes.error(
          "support_vectors has "
              + (vectors == null ? 0 : vectors.length)
              + " elements for "
              + count
              + " vectors");
    }
    float[] parameters = attributes.reals("kernel_params");
    boolean none = parameters == null || parameters.length == 0;
    if (!none && parameters.length < 3) {
      throw attributes.error(
          "kernel_params has " + parameters.length + " elements, expected gamma, coef0 and degree");
    }
    float[] known = none ? new float[3] : parameters;
    return new SupportVectors(function(attributes), known[0], known[1], known[2], count, vectors);
  }

  private static Function function(Attributes attributes) {
    String name = attributes.string("kernel_type", "LINEAR");
    for (Function function : Function.values()) {
      if (function.name().equals(name)) {
        return function;
      }
    }
    throw attributes.error("kernel_type is '" + name + "', expected LINEAR, POLY, RBF or SIGMOID");
  }

  int columns() {
    return vectors.length / count;
  }

  /** The support vectors in a kernel's own form, or turned round [columns, count] for RBF. */
  record Packed(GemmKernel.PackedB panels, Epilogue epilogue, float[] turned) {}

  Packed pack(Kernels kernels) {
    int columns = columns();
    if (function == Function.RBF) {
      float[] turned = new float[vectors.length];
      for (int i = 0; i < vectors.length; i++) {
        turned[i % columns * count + i / columns] = vectors[i];
      }
      return new Packed(null, null, turned);
    }
    float[] constant = new float[count];
    Arrays.fill(constant, coefficient);
    Epilogue epilogue =
        switch (function) {
          case POLY -> new Epilogue(gamma, BiasAxis.COLUMN, constant, null, 0, 0);
          case SIGMOID -> new Epilogue(gamma, BiasAxis.COLUMN, constant, UnaryFunction.TANH, 0, 0);
          default -> Epilogue.IDENTITY;
        };
    return new Packed(kernels.gemm().pack(vectors, 0, columns, count, 1, columns), epilogue, null);
  }

  /**
   * Writes {@code k(x, v)} of {@code rows} rows from {@code first} on into {@code y[rows, count]}
   * from index {@code at}.
   */
  void run(StepContext context, Packed packed, Features x, int first, int rows, float[] y, int at) {
    int from = x.offset() + first * x.columns();
    Kernels kernels = context.kernels();
    if (function == Function.RBF) {
      for (int row = 0; row < rows; row++) {
        distances(packed.turned(), x.array(), from + row * x.columns(), y, at + row * count);
      }
      kernels.unary().apply(UnaryFunction.EXP, 0, 0, y, at, y, at, rows * count);
      return;
    }
    kernels
        .gemm()
        .multiply(
            rows,
            x.array(),
            from,
            x.columns(),
            1,
            packed.panels(),
            packed.epilogue(),
            y,
            at,
            count,
            context.scratch());
    if (function == Function.POLY) {
      float[] exponent = {degree};
      kernels.binary().apply(BinaryFunction.POW, y, at, 1, exponent, 0, 0, y, at, rows * count);
    }
  }

  /** Writes −γ·|x − v|² of one row and every vector. */
  private void distances(float[] turned, float[] x, int from, float[] y, int at) {
    Arrays.fill(y, at, at + count, 0f);
    for (int column = 0; column < columns(); column++) {
      add(x[from + column], turned, column * count, y, at, count);
    }
    for (int i = 0; i < count; i++) {
      y[at + i] = -gamma * y[at + i];
    }
  }

  private static void add(float x, float[] turned, int from, float[] y, int at, int count) {
    for (int i = 0; i < count; i++) {
      float difference = x - turned[from + i];
      y[at + i] = Math.fma(difference, difference, y[at + i]);
    }
  }
}
