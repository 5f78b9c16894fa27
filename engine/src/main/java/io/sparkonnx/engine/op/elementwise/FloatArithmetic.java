package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.BinaryKernel;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Arithmetic of floats by the kernels, also for the 16-bit floats. */
public final class FloatArithmetic extends ArrayArithmetic<float[]> {
  private static final int LONGEST_BLOCK = 16 * BLOCK;

  private final BinaryKernel kernel;

  public FloatArithmetic(BinaryKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  boolean holds(ElementType type) {
    return type == ElementType.FLOAT;
  }

  @Override
  boolean takesRepeats() {
    return true;
  }

  @Override
  int longestBlock() {
    return LONGEST_BLOCK;
  }

  @Override
  float[] block(Scratch scratch, int slot, int length) {
    return scratch.floats(slot, length);
  }

  @Override
  void load(Tensor from, int index, int step, float[] to, int at, int length) {
    Elements.load(from, index, step, to, at, length);
  }

  @Override
  void store(float[] from, int at, Tensor to, int index, int length) {
    Elements.store(from, at, to, index, length);
  }

  @Override
  void apply(Arithmetic f, Run<float[]> a, Run<float[]> b, Run<float[]> y, int length) {
    kernel.apply(f.kernel(), a.array, a.at, a.step, b.array, b.at, b.step, y.array, y.at, length);
  }

  @Override
  void divide(Run<float[]> y, int count, int length) {
    float[] divisor = {count};
    kernel.apply(BinaryFunction.DIV, y.array, y.at, 1, divisor, 0, 0, y.array, y.at, length);
  }

  @Override
  void compare(Comparison f, Run<float[]> a, Run<float[]> b, byte[] y, int at, int length) {
    switch (f) {
      case EQUAL -> equal(a.array, a.at, a.step, b.array, b.at, b.step, y, at, length);
      case LESS -> less(a.array, a.at, a.step, b.array, b.at, b.step, y, at, length);
      case LESS_OR_EQUAL -> atMost(a.array, a.at, a.step, b.array, b.at, b.step, y, at, length);
      case GREATER -> less(b.array, b.at, b.step, a.array, a.at, a.step, y, at, length);
      case GREATER_OR_EQUAL -> atMost(b.array, b.at, b.step, a.array, a.at, a.step, y, at, length);
    }
  }

  private static void equal(
      float[] a, int aAt, int aStep, float[] b, int bAt, int bStep, byte[] y, int at, int length) {
    for (int i = 0; i < length; i++) {
      y[at + i] = (byte) (a[aAt + i * aStep] == b[bAt + i * bStep] ? 1 : 0);
    }
  }

  private static void less(
      float[] a, int aAt, int aStep, float[] b, int bAt, int bStep, byte[] y, int at, int length) {
    for (int i = 0; i < length; i++) {
      y[at + i] = (byte) (a[aAt + i * aStep] < b[bAt + i * bStep] ? 1 : 0);
    }
  }

  private static void atMost(
      float[] a, int aAt, int aStep, float[] b, int bAt, int bStep, byte[] y, int at, int length) {
    for (int i = 0; i < length; i++) {
      y[at + i] = (byte) (a[aAt + i * aStep] <= b[bAt + i * bStep] ? 1 : 0);
    }
  }
}
