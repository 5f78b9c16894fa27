package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** Doubles from any numbers. */
final class DoubleStore extends ElementStore {
  private double[] array = {};

  @Override
  Writer writer(DataType from) {
    NumberReader.Doubles numbers = NumberReader.doubles(from);
    return (row, i, index) -> array[index] = numbers.read(row, i);
  }

  @Override
  void reserve(int elements) {
    if (elements > array.length) {
      array = Arrays.copyOf(array, grown(array.length, elements));
    }
  }

  @Override
  Tensor tensor(int first, int... dims) {
    return Tensor.wrap(ElementType.DOUBLE, array, first, dims);
  }
}
