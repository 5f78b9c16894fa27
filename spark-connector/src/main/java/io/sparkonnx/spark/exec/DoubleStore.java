package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;

/** Doubles from any numbers. */
final class DoubleStore extends ElementStore {
  private double[] array = {};

  @Override
  Writer writer(DataType from) {
    return new Numbers(NumberReader.doubles(from), from instanceof DoubleType);
  }

  private final class Numbers implements Writer {
    private final NumberReader.Doubles numbers;
    private final boolean plain;
    private final double[] block = new double[BLOCK];

    Numbers(NumberReader.Doubles numbers, boolean plain) {
      this.numbers = numbers;
      this.plain = plain;
    }

    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array[index] = numbers.read(from, ordinal);
    }

    @Override
    public void putAll(ElementSource from, int first, int count, int index, int stride) {
      if (plain && stride == 1) {
        from.doubles(first, count, array, index);
        return;
      }
      double[] to = array;
      for (int done = 0; done < count; done += BLOCK) {
        int length = Math.min(BLOCK, count - done);
        numbers.readAll(from, first + done, length, block);
        for (int i = 0; i < length; i++) {
          to[index + (done + i) * stride] = block[i];
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
    Arrays.fill(array, first, first + count, 0.0);
  }

  @Override
  void putNan(int index) {
    array[index] = Double.NaN;
  }

  @Override
  void putRaw(ElementSource from, int count, int index) {
    from.doubles(0, count, array, index);
  }

  @Override
  long bytes(int elements) {
    return (long) elements * Double.BYTES;
  }

  @Override
  Tensor tensor(int first, int... dims) {
    return Tensor.wrap(ElementType.DOUBLE, array, first, dims);
  }
}
