package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.BinaryKernel;

/** Element-wise functions of two floats in plain loops. */
public final class ScalarBinary implements BinaryKernel {
  @Override
  public void apply(
      BinaryFunction f,
      float[] a,
      int aOffset,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] y,
      int yOffset,
      int length) {
    switch (f) {
      case ADD -> add(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case SUB -> sub(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case MUL -> mul(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case DIV -> div(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case MIN -> min(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case MAX -> max(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case POW -> pow(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
      case PRELU -> prelu(a, aOffset, aStep, b, bOffset, bStep, y, yOffset, length);
    }
  }

  public static void add(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i] + b[bo + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] + b[bo + i * bs];
      }
    }
  }

  public static void sub(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i] - b[bo + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] - b[bo + i * bs];
      }
    }
  }

  public static void mul(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i] * b[bo + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] * b[bo + i * bs];
      }
    }
  }

  public static void div(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i] / b[bo + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = a[ao + i * as] / b[bo + i * bs];
      }
    }
  }

  public static void min(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Math.min(a[ao + i], b[bo + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Math.min(a[ao + i * as], b[bo + i * bs]);
      }
    }
  }

  public static void max(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    if (as == 1 && bs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Math.max(a[ao + i], b[bo + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Math.max(a[ao + i * as], b[bo + i * bs]);
      }
    }
  }

  public static void pow(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Power.pow(a[ao + i * as], b[bo + i * bs]);
    }
  }

  public static void prelu(
      float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.prelu(a[ao + i * as], b[bo + i * bs]);
    }
  }
}
