package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.SmallFloats;
import io.sparkonnx.engine.tensor.SmallFloats.ScaleRounding;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Converts numbers from one element type to another, in blocks: integers through long, others
 * through double, which holds every value of every narrower type.
 *
 * <p>Integers keep their low bits; floating-point numbers lose their fraction, those beyond 64 bits
 * become the nearest end, NaN becomes 0. Anything but zero is true.
 *
 * @param saturate for small floats: see {@link SmallFloats#encode}
 * @param rounding for FLOAT8E8M0
 */
public record Conversion(boolean saturate, ScaleRounding rounding) {
  /** Saturating, scales rounded up: what Cast does where its attributes say nothing. */
  public static final Conversion DEFAULT = new Conversion(true, ScaleRounding.UP);

  private static final int BLOCK = 256;

  /** A tensor of one element. */
  public static Tensor scalar(double value, ElementType type) {
    Tensor result = Tensor.allocate(type);
    DEFAULT.convert(Tensor.of(new double[] {value}), result);
    return result;
  }

  /**
   * Writes all elements of {@code from} to {@code to}, which has the same size. Neither holds
   * strings or complex numbers. Both may be the same array region where the storage is the same.
   */
  public void convert(Tensor from, Tensor to) {
    convert(from, to, new Block());
  }

  /** Working memory of a conversion. */
  static final class Block {
    private final double[] reals = new double[BLOCK];
    private final long[] integers = new long[BLOCK];
  }

  /** As above, in given memory. */
  void convert(Tensor from, Tensor to, Block block) {
    int size = from.size();
    if (from.type() == to.type()) {
      System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), size);
      return;
    }
    boolean real = from.type().isFloatingPoint();
    double[] reals = block.reals;
    long[] integers = block.integers;
    for (int i = 0; i < size; i += BLOCK) {
      int count = Math.min(BLOCK, size - i);
      if (real) {
        NumberReader.doubles(from, i, reals, count);
      } else {
        NumberReader.longs(from, i, integers, count);
      }
      if (to.type().isFloatingPoint()) {
        if (!real) {
          toReals(integers, reals, count, from.type() == ElementType.UINT64, to.type());
        }
        write(reals, to, i, count);
      } else {
        if (real) {
          toIntegers(reals, integers, count, to.type());
        }
        NumberWriter.integers(integers, to, i, count);
      }
    }
  }

  /** Longs as doubles; those that a double cannot hold are rounded at once for floats. */
  private static void toReals(
      long[] from, double[] to, int count, boolean unsigned, ElementType target) {
    boolean toDouble = target == ElementType.DOUBLE;
    for (int i = 0; i < count; i++) {
      long value = from[i];
      if (unsigned && value < 0) {
        long halved = (value >>> 1) | (value & 1);
        to[i] = 2.0 * (toDouble ? halved : (double) (float) halved);
      } else {
        to[i] = toDouble ? value : (double) (float) value;
      }
    }
  }

  private static void toIntegers(double[] from, long[] to, int count, ElementType target) {
    for (int i = 0; i < count; i++) {
      double value = from[i];
      if (target == ElementType.BOOL) {
        to[i] = value != 0 ? 1 : 0;
      } else if (target == ElementType.UINT64 && value >= 0x1p63) {
        to[i] = value >= 0x1p64 ? -1L : (long) (value - 0x1p63) | Long.MIN_VALUE;
      } else {
        to[i] = (long) value;
      }
    }
  }

  private void write(double[] block, Tensor to, int index, int count) {
    if (to.type().storage() != ElementType.Storage.BYTE) {
      NumberWriter.reals(block, to, index, count);
      return;
    }
    byte[] array = (byte[]) to.array();
    int at = to.offset() + index;
    boolean scale = to.type() == ElementType.FLOAT8E8M0;
    for (int i = 0; i < count; i++) {
      array[at + i] =
          scale
              ? SmallFloats.encodeScale(block[i], saturate, rounding)
              : SmallFloats.encode(block[i], to.type(), saturate);
    }
  }
}
