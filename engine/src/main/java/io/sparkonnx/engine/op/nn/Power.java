package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;

/**
 * The two halves of an Lp norm of floats: |x|^p before the sum, the p-th root after it.
 *
 * @param p the norm's order, above 0
 */
record Power(float p) {
  private static final int[] ONES = {1, 1, 1, 1};
  private static final int[] ZEROS = {0, 0, 0, 0};

  static Power of(Attributes attributes) {
    Object raw = attributes.raw("p");
    float p = raw instanceof Float ? attributes.real("p") : attributes.integer("p", 2);
    if (!(p > 0)) {
      throw attributes.error("p is " + p + ", expected a positive number");
    }
    return new Power(p);
  }

  /** y = |x|^p. */
  void raise(Kernels kernels, float[] x, int xOffset, float[] y, int yOffset, int length) {
    if (p == 2) {
      kernels.binary().apply(BinaryFunction.MUL, x, xOffset, 1, x, xOffset, 1, y, yOffset, length);
      return;
    }
    kernels.unary().apply(UnaryFunction.ABS, 0, 0, x, xOffset, y, yOffset, length);
    if (p != 1) {
      power(kernels, y, yOffset, length, p);
    }
  }

  /** y = y^(1/p). */
  void root(Kernels kernels, float[] y, int yOffset, int length) {
    if (p == 2) {
      kernels.unary().apply(UnaryFunction.SQRT, 0, 0, y, yOffset, y, yOffset, length);
    } else if (p != 1) {
      power(kernels, y, yOffset, length, (float) (1.0 / p));
    }
  }

  private static void power(Kernels kernels, float[] y, int offset, int length, float exponent) {
    float[] one = {exponent};
    kernels.binary().apply(BinaryFunction.POW, y, offset, 1, one, 0, 0, y, offset, length);
  }

  /** Whether a device computes both. */
  boolean isOn(DeviceInfo device) {
    return p == 1 || p == 2 || DeviceForms.has(device, BinaryFunction.POW);
  }

  /** y = |x|^p. */
  void raise(DeviceContext context, DeviceArray x, DeviceArray y, int length) {
    if (p == 2) {
      binary(context, BinaryFunction.MUL, x, x, ONES, y, length);
      return;
    }
    ElementwiseKernels.unary(context.queue(), UnaryFunction.ABS, 0f, 0f, x, y, length);
    if (p != 1) {
      binary(context, BinaryFunction.POW, y, context.number(p), ZEROS, y, length);
    }
  }

  /** y = y^(1/p). */
  void root(DeviceContext context, DeviceArray y, int length) {
    if (p == 2) {
      ElementwiseKernels.unary(context.queue(), UnaryFunction.SQRT, 0f, 0f, y, y, length);
    } else if (p != 1) {
      binary(context, BinaryFunction.POW, y, context.number((float) (1.0 / p)), ZEROS, y, length);
    }
  }

  private static void binary(
      DeviceContext context,
      BinaryFunction f,
      DeviceArray a,
      DeviceArray b,
      int[] bStrides,
      DeviceArray y,
      int length) {
    int[] dims = {1, 1, 1, length};
    ElementwiseKernels.binary(context.queue(), f, a, ONES, b, bStrides, y, dims);
  }

  double raise(double x) {
    return p == 2 ? x * x : p == 1 ? Math.abs(x) : StrictMath.pow(Math.abs(x), p);
  }

  double root(double sum) {
    return p == 2 ? StrictMath.sqrt(sum) : p == 1 ? sum : StrictMath.pow(sum, 1.0 / p);
  }
}
