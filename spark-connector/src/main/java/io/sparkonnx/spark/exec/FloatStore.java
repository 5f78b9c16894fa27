package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;

/** Floats from any numbers, each rounded once. */
final class FloatStore extends ElementStore {
  private float[] array = {};

  static float narrow(double value) {
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
      return (row, i, index) -> array[index] = narrow(row.getDouble(i));
    }
    if (from instanceof DecimalType type) {
      int precision = type.precision();
      int scale = type.scale();
      return (row, i, index) ->
          array[index] = row.getDecimal(i, precision, scale).toJavaBigDecimal().floatValue();
    }
    NumberReader.Longs integers = NumberReader.longs(from);
    return (row, i, index) -> array[index] = (float) integers.read(row, i);
  }

  private final class Floats implements Writer {
    @Override
    public void put(SpecializedGetters from, int ordinal, int index) {
      array[index] = from.getFloat(ordinal);
    }

    @Override
    public void putAll(ArrayData from, int count, int index, int stride) {
      float[] values = from.toFloatArray();
      if (stride == 1) {
        System.arraycopy(values, 0, array, index, count);
        return;
      }
      float[] to = array;
      for (int i = 0; i < count; i++) {
        to[index + i * stride] = values[i];
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
  Tensor tensor(int first, int... dims) {
    return Tensor.wrap(ElementType.FLOAT, array, first, dims);
  }
}
