package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Arithmetic of doubles in plain loops; also for floats where no kernel has the function. */
public final class DoubleArithmetic extends ArrayArithmetic<double[]> {
  @Override
  public boolean holds(ElementType type) {
    return type == ElementType.DOUBLE;
  }

  @Override
  public double[] block(Scratch scratch, int slot) {
    return new double[BLOCK];
  }

  @Override
  public void load(Tensor from, int index, int step, double[] to, int at, int length) {
    Elements.load(from, index, step, to, at, length);
  }

  @Override
  public void store(double[] from, int at, Tensor to, int index, int length) {
    Elements.store(from, at, to, index, length);
  }

  @Override
  public void apply(
      Arithmetic f,
      double[] a,
      int aAt,
      int aStep,
      double[] b,
      int bAt,
      int bStep,
      double[] y,
      int yAt,
      int length) {
    switch (f) {
      case ADD -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = a[aAt + i * aStep] + b[bAt + i * bStep];
        }
      }
      case SUB -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = a[aAt + i * aStep] - b[bAt + i * bStep];
        }
      }
      case MUL -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = a[aAt + i * aStep] * b[bAt + i * bStep];
        }
      }
      case DIV -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = a[aAt + i * aStep] / b[bAt + i * bStep];
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = apply(f, a[aAt + i * aStep], b[bAt + i * bStep]);
        }
      }
    }
  }

  private static double apply(Arithmetic f, double a, double b) {
    return switch (f) {
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case POW -> StrictMath.pow(a, b);
      case PRELU -> a < 0 ? b * a : a;
      case MOD -> floorMod(a, b);
      case REMAINDER -> a % b;
      default -> throw new IllegalArgumentException(f + " of doubles");
    };
  }

  private static double floorMod(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return (remainder < 0) != (b < 0) ? remainder + b : remainder;
  }

  @Override
  public void divide(double[] y, int at, int count, int length) {
    for (int i = at; i < at + length; i++) {
      y[i] /= count;
    }
  }

  @Override
  public void compare(
      Comparison f,
      double[] a,
      int aAt,
      int aStep,
      double[] b,
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
