package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Collection;

/** How many bytes values take. */
final class ValueBytes {
  private ValueBytes() {}

  static long of(Collection<OnnxValue> values) {
    return values.stream().mapToLong(ValueBytes::of).sum();
  }

  private static long of(OnnxValue value) {
    if (value instanceof StringTensor strings) {
      int first = strings.offset();
      long texts = (long) strings.array()[first + strings.size()] - strings.array()[first];
      return texts + (long) strings.size() * Integer.BYTES;
    }
    if (value instanceof Tensor tensor) {
      return (long) tensor.size() * tensor.type().storage().bytes();
    }
    if (value instanceof MapValue map) {
      return of(map.keys()) + of(map.values());
    }
    if (value instanceof SequenceValue sequence && sequence.isMaps()) {
      return of(sequence.mapKeys()) + of(sequence.mapValues());
    }
    long bytes = 0;
    if (value instanceof SequenceValue sequence) {
      for (int i = 0; i < sequence.size(); i++) {
        bytes += of(sequence.get(i));
      }
    }
    return bytes;
  }
}
