package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.BinaryKernel;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Arithmetic of floats by the kernels, also for the 16-bit floats. */
public final class FloatArithmetic extends ArrayArithmetic<float[]> {
  private final BinaryKernel kernel;

  public FloatArithmetic(BinaryKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public boolean holds(ElementType type) {
    return type == ElementType.FLOAT;
  }

  @Override
  public float[] block(Scratch scratch, int slot) {
    return scratch.floats(slot, BLOCK);
  }

  @Override
  public void load(Tensor from, int index, int step, float[] to, int at, int length) {
    Elements.load(from, index, step, to, at, length);
  }

  @Override
  public void store(float[] from, int at, Tensor to, int index, int length) {
    Elements.store(from, at, to, index, length);
  }

  @Override
  public void apply(
      Arithmetic f,
      float[] a,
      int aAt,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] y,
      int yAt,
      int length) {
    kernel.apply(f.kernel(), a, aAt, aStep, b, bAt, bStep, y, yAt, length);
  }

  @Override
  public void divide(float[] y, int at, int count, int length) {
    kernel.apply(BinaryFunction.DIV, y, at, 1, new float[] {count}, 0, 0, y, at, length);
  }

  @Override
  public void compare(
      Comparison f,
      float[] a,
      int aAt,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      byte[] y,
      int yAt,
      int length) {
    switch (f) {
      case EQUAL -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = (byte) (a[aAt + i * aStep] == b[bAt + i * bStep] ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = (byte) (a[aAt + i * aStep] < b[bAt + i * bStep] ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = (byte) (a[aAt + i * aStep] <= b[bAt + i * bStep] ? 1 : 0);
        }
      }
      case GREATER -> compare(Comparison.LESS, b, bAt, bStep, a, aAt, aStep, y, yAt, length);
      case GREATER_OR_EQUAL ->
          compare(Comparison.LESS_OR_EQUAL, b, bAt, bStep, a, aAt, aStep, y, yAt, length);
    }
  }
}
