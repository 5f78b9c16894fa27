package io.sparkonnx.engine.op.elementwise;

import static io.sparkonnx.engine.tensor.ElementType.BFLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT16;

import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.ShortTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Moves runs of a tensor's elements into arrays of a wider type and back. A run starts at an array
 * index of the tensor (its offset included) and has step 1, or step 0 for one element repeated.
 * Integers wrap when narrowed, floats are rounded, and a float becomes an integer by truncation.
 */
public final class Elements {
  private Elements() {}

  public static void load(Tensor from, int index, int step, float[] to, int at, int length) {
    if (from instanceof FloatTensor floats) {
      float[] x = floats.array();
      for (int i = 0; i < length; i++) {
        to[at + i] = x[index + i * step];
      }
    } else if (step == 0) {
      load(from, index, 1, to, at, 1);
      Arrays.fill(to, at, at + length, to[at]);
    } else if (from.type() == FLOAT16) {
      short[] x = ((ShortTensor) from).array();
      for (int i = 0; i < length; i++) {
        to[at + i] = NarrowTypes.halfToFloat(x[index + i]);
      }
    } else if (from.type() == BFLOAT16) {
      short[] x = ((ShortTensor) from).array();
      for (int i = 0; i < length; i++) {
        to[at + i] = NarrowTypes.bfloat16ToFloat(x[index + i]);
      }
    } else {
      int first = index - from.offset();
      for (int i = 0; i < length; i++) {
        to[at + i] = (float) from.doubleAt(first + i);
      }
    }
  }

  public static void load(Tensor from, int index, int step, double[] to, int at, int length) {
    if (from instanceof DoubleTensor doubles) {
      double[] x = doubles.array();
      for (int i = 0; i < length; i++) {
        to[at + i] = x[index + i * step];
      }
    } else if (from instanceof FloatTensor floats) {
      float[] x = floats.array();
      for (int i = 0; i < length; i++) {
        to[at + i] = x[index + i * step];
      }
    } else {
      int first = index - from.offset();
      for (int i = 0; i < length; i++) {
        to[at + i] = from.doubleAt(first + i * step);
      }
    }
  }

  public static void load(Tensor from, int index, int step, long[] to, int at, int length) {
    long mask = from.type().isUnsigned() ? -1L >>> (64 - 8 * from.type().storage().bytes()) : -1L;
    if (from instanceof LongTensor longs) {
      long[] x = longs.array();
      for (int i = 0; i < length; i++) {
        to[at + i] = x[index + i * step];
      }
    } else if (from instanceof IntTensor ints) {
      int[] x = ints.array();
      for (int i = 0; i < length; i++) {
        to[at + i] = x[index + i * step] & mask;
      }
    } else if (from instanceof ByteTensor bytes) {
      byte[] x = bytes.array();
      for (int i = 0; i < length; i++) {
        to[at + i] = x[index + i * step] & mask;
      }
    } else {
      short[] x = ((ShortTensor) from).array();
      for (int i = 0; i < length; i++) {
        to[at + i] = x[index + i * step] & mask;
      }
    }
  }

  public static void store(float[] from, int at, Tensor to, int index, int length) {
    switch (to.type()) {
      case FLOAT -> System.arraycopy(from, at, to.array(), index, length);
      case FLOAT16 -> {
        short[] y = (short[]) to.array();
        for (int i = 0; i < length; i++) {
          y[index + i] = NarrowTypes.floatToHalf(from[at + i]);
        }
      }
      case BFLOAT16 -> {
        short[] y = (short[]) to.array();
        for (int i = 0; i < length; i++) {
          y[index + i] = NarrowTypes.floatToBfloat16(from[at + i]);
        }
      }
      default -> throw new IllegalArgumentException("floats are not stored as " + to.type());
    }
  }

  public static void store(double[] from, int at, Tensor to, int index, int length) {
    switch (to.type()) {
      case DOUBLE -> System.arraycopy(from, at, to.array(), index, length);
      case FLOAT -> {
        float[] y = (float[]) to.array();
        for (int i = 0; i < length; i++) {
          y[index + i] = (float) from[at + i];
        }
      }
      case FLOAT16 -> {
        short[] y = (short[]) to.array();
        for (int i = 0; i < length; i++) {
          y[index + i] = NarrowTypes.floatToHalf((float) from[at + i]);
        }
      }
      case BFLOAT16 -> {
        short[] y = (short[]) to.array();
        for (int i = 0; i < length; i++) {
          y[index + i] = NarrowTypes.floatToBfloat16((float) from[at + i]);
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          store((long) from[at + i], to, index + i);
        }
      }
    }
  }

  public static void store(long[] from, int at, Tensor to, int index, int length) {
    if (to instanceof LongTensor longs) {
      System.arraycopy(from, at, longs.array(), index, length);
    } else if (to instanceof IntTensor ints) {
      int[] y = ints.array();
      for (int i = 0; i < length; i++) {
        y[index + i] = (int) from[at + i];
      }
    } else if (to instanceof ByteTensor bytes) {
      byte[] y = bytes.array();
      for (int i = 0; i < length; i++) {
        y[index + i] = (byte) from[at + i];
      }
    } else {
      short[] y = ((ShortTensor) to).array();
      for (int i = 0; i < length; i++) {
        y[index + i] = (short) from[at + i];
      }
    }
  }

  /** Writes one integer or boolean, wrapped to the tensor's type, at an array index. */
  public static void store(long value, Tensor to, int index) {
    if (to instanceof LongTensor longs) {
      longs.array()[index] = value;
    } else if (to instanceof IntTensor ints) {
      ints.array()[index] = (int) value;
    } else if (to instanceof ByteTensor bytes) {
      bytes.array()[index] = (byte) value;
    } else {
      ((ShortTensor) to).array()[index] = (short) value;
    }
  }
}
