package io.sparkonnx.engine.profile;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.ShortTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;

/** Seeded inputs of a signature's types: normal floats, integers 0 and 1, short strings. */
public final class RandomInputs {
  private final Random random = new Random(42);

  /**
   * A value for every input that is not optional, by name.
   *
   * @param dims length of each symbolic dimension
   * @throws OnnxException INVALID_INPUT for an input that is no tensor of known rank, or has more
   *     elements than an array
   */
  public Map<String, OnnxValue> make(Signature signature, ToLongFunction<String> dims) {
    Map<String, OnnxValue> inputs = new LinkedHashMap<>();
    for (Port port : signature.inputs()) {
      if (!port.optional()) {
        inputs.put(port.name(), value(port, dims));
      }
    }
    return inputs;
  }

  private Tensor value(Port port, ToLongFunction<String> dims) {
    if (!(port.type() instanceof TensorType type) || !type.shape().hasRank()) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          "no random input can be made for " + port + ": it is no tensor of known rank");
    }
    Shape shape = type.shape();
    if (shape.size().evaluate(dims) > Integer.MAX_VALUE) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          "no random input can be made for "
              + port
              + ": it would have "
              + shape.size().evaluate(dims)
              + " elements");
    }
    int[] lengths = shape.evaluate(dims);
    if (type.element() == ElementType.STRING) {
      String[] strings = new String[Tensor.sizeOf(lengths)];
      for (int i = 0; i < strings.length; i++) {
        strings[i] = "w" + random.nextInt(100);
      }
      return Tensor.of(strings, lengths);
    }
    Tensor tensor = Tensor.allocate(type.element(), lengths);
    int elements = tensor.size() * type.element().width();
    for (int i = 0; i < elements; i++) {
      set(tensor, i);
    }
    return tensor;
  }

  private void set(Tensor tensor, int i) {
    if (tensor instanceof FloatTensor floats) {
      floats.array()[i] = (float) random.nextGaussian();
    } else if (tensor instanceof DoubleTensor doubles) {
      doubles.array()[i] = random.nextGaussian();
    } else if (tensor instanceof LongTensor longs) {
      longs.array()[i] = random.nextInt(2);
    } else if (tensor instanceof IntTensor ints) {
      ints.array()[i] = random.nextInt(2);
    } else if (tensor instanceof ShortTensor shorts) {
      shorts.array()[i] = shortOf(tensor.type());
    } else {
      ((ByteTensor) tensor).array()[i] = (byte) random.nextInt(2);
    }
  }

  private short shortOf(ElementType type) {
    return switch (type) {
      case FLOAT16 -> NarrowTypes.floatToHalf((float) random.nextGaussian());
      case BFLOAT16 -> NarrowTypes.floatToBfloat16((float) random.nextGaussian());
      default -> (short) random.nextInt(2);
    };
  }
}
