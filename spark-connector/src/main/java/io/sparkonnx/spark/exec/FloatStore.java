package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;

/** Floats from any numbers, each rounded once. */
final class FloatStore extends ElementStore {
  private float[] array = {};

  private static float narrow(double value) {
    float narrowed = (float) value;
    if (Float.isInfinite(narrowed) && !Double.isInfinite(value)) {
      throw new UnfitValueException(value + " is beyond the range of float");
    }
    return narrowed;
  }

  @Override
  Writer writer(DataType from) {
    if (from instanceof FloatType) {
      return new Floats();
    }
    if (from instanceof DoubleType) {
      return new Doubles();
    }
    if (from instanceof DecimalType type) {
      DecimalReader decimals = new DecimalReader(type);
      return (row, i, index) -> array[index] = decimals.toFloat(row, i);
    }
    return new Integers(NumberReader.longs(from));
  }

  private final class Floats implements Writer {
    private final float[] block = new float[BLOCK];

    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array[index] = from.getFloat(ordinal);
    }

    @Override
    public void putFields(
        SpecializedGetters from, int[] ordinals, int begin, int end, int index, int stride) {
      float[] to = array;
      for (int i = begin; i < end; i++) {
        to[index + (i - begin) * stride] = from.getFloat(ordinals[i]);
      }
    }

    @Override
    public void putAll(ElementSource from, int first, int count, int index, int stride) {
      if (stride == 1) {
        from.floats(first, count, array, index);
        return;
      }
      float[] to = array;
      for (int done = 0; done < count; done += BLOCK) {
        int length = Math.min(BLOCK, count - done);
        from.floats(first + done, length, block, 0);
        for (int i = 0; i < length; i++) {
          to[index + (done + i) * stride] = block[i];
        }
      }
    }
  }

  private final class Doubles implements Writer {
    private final double[] block = new double[BLOCK];

    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array[index] = narrow(from.getDouble(ordinal));
    }

    @Override
    public void putFields(
        SpecializedGetters from, int[] ordinals, int begin, int end, int index, int stride) {
      float[] to = array;
      for (int i = begin; i < end; i++) {
        to[index + (i - begin) * stride] = narrow(from.getDouble(ordinals[i]));
      }
    }

    @Override
    public void putAll(ElementSource from, int first, int count, int index, int stride) {
      float[] to = array;
      for (int done = 0; done < count; done += BLOCK) {
        int length = Math.min(BLOCK, count - done);
        from.doubles(first + done, length, block, 0);
        for (int i = 0; i < length; i++) {
          to[index + (done + i) * stride] = narrow(block[i]);
        }
      }
    }
  }

  private final class Integers implements Writer {
    private final NumberReader.Longs integers;
    private final long[] block = new long[BLOCK];

    Integers(NumberReader.Longs integers) {
      this.integers = integers;
    }

    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array[index] = (float) integers.read(from, ordinal);
    }

    @Override
    public void putAll(ElementSource from, int first, int count, int index, int stride) {
      float[] to = array;
      for (int done = 0; done < count; done += BLOCK) {
        int length = Math.min(BLOCK, count - done);
        integers.readAll(from, first + done, length, block);
        for (int i = 0; i < length; i++) {
          to[index + (done + i) * stride] = (float) block[i];
        }
      }
    }
  }

  @Override
  void reserve(int elements) {
    if (elements > array.length) {
      array = Arrays.copyOf(array, grown(array.length, elements));
    }
  }

  @Override
  void clear(int first, int count) {
    Arrays.fill(array, first, first + count, 0f);
  }

  @Override
  void putNan(int index) {
    array[index] = Float.NaN;
  }

  @Override
  void putRaw(ElementSource from, int count, int index) {
    from.floats(0, count, array, index);
  }

  @Override
  long bytes(int elements) {
    return (long) elements * Float.BYTES;
  }

  @Override
  Tensor tensor(int first, int... dims) {
    return Tensor.wrap(ElementType.FLOAT, array, first, dims);
  }
}
