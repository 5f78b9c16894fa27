package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Integer arithmetic in longs. Narrower types are extended by their sign or by zeros, so that the
 * result wrapped to the type is the type's own; unsigned 64-bit integers have rules of their own.
 */
public final class LongArithmetic extends ArrayArithmetic<long[]> {
  private final boolean unsigned64;
  private final int bits;

  public LongArithmetic(ElementType type) {
    this.unsigned64 = type == ElementType.UINT64;
    this.bits = type.bits();
  }

  @Override
  public boolean holds(ElementType type) {
    return type == ElementType.INT64 || type == ElementType.UINT64;
  }

  @Override
  public long[] block(Scratch scratch, int slot) {
    return new long[BLOCK];
  }

  @Override
  public void load(Tensor from, int index, int step, long[] to, int at, int length) {
    Elements.load(from, index, step, to, at, length);
  }

  @Override
  public void store(long[] from, int at, Tensor to, int index, int length) {
    Elements.store(from, at, to, index, length);
  }

  /**
   * @throws ArithmeticException for a division by zero
   */
  @Override
  public void apply(
      Arithmetic f,
      long[] a,
      int aAt,
      int aStep,
      long[] b,
      int bAt,
      int bStep,
      long[] y,
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
      default -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = apply(f, a[aAt + i * aStep], b[bAt + i * bStep]);
        }
      }
    }
  }

  private long apply(Arithmetic f, long a, long b) {
    return switch (f) {
      case DIV -> unsigned64 ? Long.divideUnsigned(a, b) : a / b;
      case REMAINDER -> unsigned64 ? Long.remainderUnsigned(a, b) : a % b;
      case MOD -> unsigned64 ? Long.remainderUnsigned(a, b) : Math.floorMod(a, b);
      case MIN -> less(a, b) ? a : b;
      case MAX -> less(a, b) ? b : a;
      case POW -> power(a, b);
      case PRELU -> less(a, 0) ? a * b : a;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHIFT_LEFT -> inWidth(b) ? a << b : 0;
      case SHIFT_RIGHT -> shiftRight(a, b);
      default -> throw new IllegalArgumentException(f + " of integers");
    };
  }

  private boolean less(long a, long b) {
    return unsigned64 ? Long.compareUnsigned(a, b) < 0 : a < b;
  }

  private boolean inWidth(long shift) {
    return shift >= 0 && shift < bits;
  }

  private long shiftRight(long a, long b) {
    if (unsigned64) {
      return inWidth(b) ? a >>> b : 0;
    }
    return inWidth(b) ? a >> b : a >> 63;
  }

  /** By squaring, wrapping; a negative exponent leaves only the powers of 1 and −1. */
  private long power(long base, long exponent) {
    if (exponent < 0 && !unsigned64) {
      boolean odd = (exponent & 1) != 0;
      return base == 1 || (base == -1 && !odd) ? 1 : base == -1 ? -1 : 0;
    }
    long result = 1;
    long square = base;
    for (long rest = exponent; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  @Override
  public void divide(long[] y, int at, int count, int length) {
    for (int i = at; i < at + length; i++) {
      y[i] = unsigned64 ? Long.divideUnsigned(y[i], count) : y[i] / count;
    }
  }

  @Override
  public void compare(
      Comparison f,
      long[] a,
      int aAt,
      int aStep,
      long[] b,
      int bAt,
      int bStep,
      byte[] y,
      int yAt,
      int length) {
    long flip = unsigned64 ? Long.MIN_VALUE : 0;
    switch (f) {
      case EQUAL -> {
        for (int i = 0; i < length; i++) {
          y[yAt + i] = (byte) (a[aAt + i * aStep] == b[bAt + i * bStep] ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < length; i++) {
          boolean less = (a[aAt + i * aStep] ^ flip) < (b[bAt + i * bStep] ^ flip);
          y[yAt + i] = (byte) (less ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < length; i++) {
          boolean less = (a[aAt + i * aStep] ^ flip) <= (b[bAt + i * bStep] ^ flip);
          y[yAt + i] = (byte) (less ? 1 : 0);
        }
      }
      case GREATER -> compare(Comparison.LESS, b, bAt, bStep, a, aAt, aStep, y, yAt, length);
      case GREATER_OR_EQUAL ->
          compare(Comparison.LESS_OR_EQUAL, b, bAt, bStep, a, aAt, aStep, y, yAt, length);
    }
  }
}
