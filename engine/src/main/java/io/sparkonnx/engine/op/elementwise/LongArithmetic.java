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
  boolean holds(ElementType type) {
    return type == ElementType.INT64 || type == ElementType.UINT64;
  }

  @Override
  long[] block(Scratch scratch, int slot, int length) {
    return scratch.kept(Blocks.class, Blocks::new).get(slot, length);
  }

  /** Working memory by slot. */
  private static final class Blocks {
    private final long[][] slots = new long[3][0];

    long[] get(int slot, int length) {
      if (slots[slot].length < length) {
        slots[slot] = new long[length];
      }
      return slots[slot];
    }
  }

  @Override
  void load(Tensor from, int index, int step, long[] to, int at, int length) {
    Elements.load(from, index, step, to, at, length);
  }

  @Override
  void store(long[] from, int at, Tensor to, int index, int length) {
    Elements.store(from, at, to, index, length);
  }

  /**
   * @throws ArithmeticException for a division by zero
   */
  @Override
  void apply(Arithmetic f, Run<long[]> a, Run<long[]> b, Run<long[]> y, int length) {
    switch (f) {
      case ADD -> add(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case SUB -> subtract(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case MUL -> multiply(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case AND -> and(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case OR -> or(a.array, a.at, b.array, b.at, y.array, y.at, length);
      case XOR -> xor(a.array, a.at, b.array, b.at, y.array, y.at, length);
      default -> each(f, a.array, a.at, b.array, b.at, y.array, y.at, length);
    }
  }

  private static void add(long[] a, int aAt, long[] b, int bAt, long[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] + b[bAt + i];
    }
  }

  private static void subtract(
      long[] a, int aAt, long[] b, int bAt, long[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] - b[bAt + i];
    }
  }

  private static void multiply(
      long[] a, int aAt, long[] b, int bAt, long[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] * b[bAt + i];
    }
  }

  private static void and(long[] a, int aAt, long[] b, int bAt, long[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] & b[bAt + i];
    }
  }

  private static void or(long[] a, int aAt, long[] b, int bAt, long[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] | b[bAt + i];
    }
  }

  private static void xor(long[] a, int aAt, long[] b, int bAt, long[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = a[aAt + i] ^ b[bAt + i];
    }
  }

  private void each(
      Arithmetic f, long[] a, int aAt, long[] b, int bAt, long[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = apply(f, a[aAt + i], b[bAt + i]);
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
  void divide(Run<long[]> y, int count, int length) {
    for (int i = y.at; i < y.at + length; i++) {
      y.array[i] = unsigned64 ? Long.divideUnsigned(y.array[i], count) : y.array[i] / count;
    }
  }

  @Override
  void compare(Comparison f, Run<long[]> a, Run<long[]> b, byte[] y, int at, int length) {
    long flip = unsigned64 ? Long.MIN_VALUE : 0;
    for (int i = 0; i < length; i++) {
      boolean holds = holds(f, a.array[a.at + i] ^ flip, b.array[b.at + i] ^ flip);
      y[at + i] = (byte) (holds ? 1 : 0);
    }
  }

  private static boolean holds(Comparison f, long a, long b) {
    return switch (f) {
      case EQUAL -> a == b;
      case LESS -> a < b;
      case LESS_OR_EQUAL -> a <= b;
      case GREATER -> a > b;
      case GREATER_OR_EQUAL -> a >= b;
    };
  }
}
