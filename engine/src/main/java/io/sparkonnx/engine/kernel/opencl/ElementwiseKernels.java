package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.UnaryFunction;

/** Functions of each element, and copies. */
public final class ElementwiseKernels {
  private ElementwiseKernels() {}

  /** y[i] = f(x[i]), 0 ≤ i &lt; length; y may be x. */
  public static void unary(
      DeviceQueue queue,
      UnaryFunction f,
      float alpha,
      float beta,
      DeviceArray x,
      DeviceArray y,
      int length) {
    Launch.line(
        queue,
        "unary_run",
        length,
        f.ordinal(),
        alpha,
        beta,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset(),
        length);
  }

  /**
   * y = f(a, b) over four axes.
   *
   * @param dims lengths of y, which is contiguous
   * @param aStrides distance of a's elements along each axis; 0 repeats them
   * @param bStrides the same of b
   */
  public static void binary(
      DeviceQueue queue,
      BinaryFunction f,
      DeviceArray a,
      int[] aStrides,
      DeviceArray b,
      int[] bStrides,
      DeviceArray y,
      int[] dims) {
    int length = dims[0] * dims[1] * dims[2] * dims[3];
    Launch.line(
        queue,
        "binary_run",
        length,
        f.ordinal(),
        a.buffer(),
        a.offset(),
        aStrides[0],
        aStrides[1],
        aStrides[2],
        aStrides[3],
        b.buffer(),
        b.offset(),
        bStrides[0],
        bStrides[1],
        bStrides[2],
        bStrides[3],
        y.buffer(),
        y.offset(),
        dims[1],
        dims[2],
        dims[3],
        length);
  }

  /** y = fma(x, scale[channel], shift[channel]) over [outer, channels, inner]; y may be x. */
  public static void affine(
      DeviceQueue queue,
      DeviceArray x,
      DeviceArray scale,
      DeviceArray shift,
      DeviceArray y,
      int outer,
      int channels,
      int inner) {
    int length = outer * channels * inner;
    Launch.line(
        queue,
        "affine_run",
        length,
        x.buffer(),
        x.offset(),
        scale.buffer(),
        scale.offset(),
        shift.buffer(),
        shift.offset(),
        y.buffer(),
        y.offset(),
        channels,
        inner,
        length);
  }

  /**
   * Copies a box of elements of any number of axes, with a stride per axis on both sides; 0 repeats
   * what is read.
   */
  public static void copy(
      DeviceQueue queue, DeviceArray x, int[] xStrides, DeviceArray y, int[] yStrides, int[] dims) {
    BoxCopy.run(queue, x, xStrides, y, yStrides, dims);
  }
}
