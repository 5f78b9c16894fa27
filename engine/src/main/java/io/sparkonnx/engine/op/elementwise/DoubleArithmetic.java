package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Arithmetic of doubles in plain loops; also for floats where no kernel has the function. */
public final class DoubleArithmetic extends ArrayArithmetic<double[]> {
  @Override
  boolean holds(ElementType type) {
    return type == ElementType.DOUBLE;
  }

  @Override
  double[] block(Scratch scratch, int slot, int length) {
    return scratch.kept(Blocks.class, Blocks::new).get(slot, length);
  }

  /** Working memory by slot. */
  private static final class Blocks {
    private final double[][] slots = new double[3][0];

    double[] get(int slot, int length) {
      if (slots[slot].length < length) {
        slots[slot] = new double[length];
      }
      return slots[slot];
    }
  }

  @Override
  void load(Tensor from, int index, int step, double[] to, int at, int length) {
    Elements.load(from, index, step, to, at, length);
  }

  @Override
  void store(double[] from, int at, Tensor to, int index, int length) {
    Elements.store(from, at, to, index, length);
  }

  @Override
  void apply(Arithmetic f, Run<double[]> a, Run<double[]> b, Run<double[]> y, int length) {
    switch (f) {
      case ADD -> add(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case SUB -> subtract(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case MUL -> multiply(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case DIV -> divide(a.array, a.at, b.array, b.at, y.array, y.at, length);
      default -> each(f, a.array, a.at, b.array, b.at, y.array, y.at, length);
    }
  }

  private static void add(
      double[] a, int aAt, double[] b, int bAt, double[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] + b[bAt + i];
    }
  }

  private static void subtract(
      double[] a, int aAt, double[] b, int bAt, double[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] - b[bAt + i];
    }
  }

  private static void multiply(
      double[] a, int aAt, double[] b, int bAt, double[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] * b[bAt + i];
    }
  }

  private static void divide(
      double[] a, int aAt, double[] b, int bAt, double[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] / b[bAt + i];
    }
  }

  private static void each(
      Arithmetic f, double[] a, int aAt, double[] b, int bAt, double[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = apply(f, a[aAt + i], b[bAt + i]);
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
  void divide(Run<double[]> y, int count, int length) {
    for (int i = y.at; i < y.at + length; i++) {
      y.array[i] /= count;
    }
  }

  @Override
  void compare(Comparison f, Run<double[]> a, Run<double[]> b, byte[] y, int at, int length) {
    for (int i = 0; i < length; i++) {
      y[at + i] = (byte) (holds(f, a.array[a.at + i], b.array[b.at + i]) ? 1 : 0);
    }
  }

  private static boolean holds(Comparison f, double a, double b) {
    return switch (f) {
      case EQUAL -> a == b;
      case LESS -> a < b;
      case LESS_OR_EQUAL -> a <= b;
      case GREATER -> a > b;
      case GREATER_OR_EQUAL -> a >= b;
    };
  }
}
