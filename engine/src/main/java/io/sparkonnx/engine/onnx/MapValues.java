package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/** The values of a map, which files hold as one tensor each. */
final class MapValues {
  private MapValues() {}

  /**
   * @param values one tensor of one element for each key, or one tensor of all values
   * @param count number of keys
   * @return tensor [count]
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL where numbers or types differ
   */
  static Tensor stack(List<Tensor> values, int count) {
    if (values.size() == 1 && values.get(0).size() == count) {
      return values.get(0).reshaped(count);
    }
    if (values.size() != count) {
      throw Refusals.invalid("a map has " + count + " keys but " + values.size() + " values");
    }
    if (count == 0) {
      return Tensor.of(new float[0], 0);
    }
    Tensor first = values.get(0);
    for (Tensor value : values) {
      if (value.size() != 1 || value.type() != first.type()) {
        throw Refusals.invalid("a map has the values " + first + " and " + value);
      }
    }
    if (first instanceof StringTensor) {
      String[] texts =
          values.stream().map(value -> ((StringTensor) value).get(0)).toArray(String[]::new);
      return Tensor.of(texts, count);
    }
    Tensor stacked = Tensor.allocate(first.type(), count);
    int width = first.type().width();
    for (int i = 0; i < count; i++) {
      System.arraycopy(values.get(i).array(), 0, stacked.array(), i * width, width);
    }
    return stacked;
  }
}
