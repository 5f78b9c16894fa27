package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.OptionalValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** Cuts values along their first axis and joins them again. */
final class Rows {
  private Rows() {}

  /**
   * Array index of row {@code from} of {@code total}.
   *
   * @param tensor first axis {@code total} times a factor per row
   */
  static int offset(Tensor tensor, int from, int total) {
    return tensor.offset() + from * (tensor.size() / total * tensor.type().width());
  }

  /** Shape of {@code rows} of {@code total} rows. */
  static int[] dims(Tensor tensor, int rows, int total) {
    int[] dims = tensor.dims();
    dims[0] = dims[0] / total * rows;
    return dims;
  }

  /**
   * Columns {@code [from, from + count)} of a matrix, copied.
   *
   * @param reused the tensor that an earlier call gave for the same matrix, or null; its array is
   *     used again where it is large enough
   */
  static Tensor columns(Tensor matrix, int from, int count, Tensor reused) {
    int rows = matrix.dim(0);
    int stride = matrix.dim(1);
    Tensor block = reused;
    if (reused == null || rows * count > Array.getLength(reused.array())) {
      block = Tensor.allocate(matrix.type(), rows, count);
    } else if (reused.dim(0) != rows || reused.dim(1) != count) {
      block = reused.view(0, rows, count);
    }
    for (int row = 0; row < rows; row++) {
      int at = matrix.offset() + row * stride + from;
      System.arraycopy(matrix.array(), at, block.array(), row * count, count);
    }
    return block;
  }

  /** Bytes of the array behind a tensor. */
  static long arrayBytes(Tensor tensor) {
    return (long) Array.getLength(tensor.array()) * tensor.type().storage().bytes();
  }

  /** A value with arrays of its own. */
  static OnnxValue copy(OnnxValue value) {
    if (value instanceof Tensor tensor) {
      return tensor.copy();
    }
    if (value instanceof MapValue map) {
      return new MapValue(map.keys().copy(), map.values().copy());
    }
    if (value instanceof SequenceValue sequence) {
      if (sequence.isMaps()) {
        return SequenceValue.ofMaps(sequence.mapKeys().copy(), sequence.mapValues().copy());
      }
      List<OnnxValue> copies = new ArrayList<>();
      for (int i = 0; i < sequence.size(); i++) {
        copies.add(copy(sequence.get(i)));
      }
      return SequenceValue.of(copies);
    }
    OptionalValue optional = (OptionalValue) value;
    return optional.isPresent() ? new OptionalValue(copy(optional.value())) : optional;
  }

  /** The parts one after the other; a single part as it is. */
  static OnnxValue join(List<OnnxValue> parts) {
    OnnxValue first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    if (first instanceof Tensor) {
      return joinTensors(parts.stream().map(Tensor.class::cast).toList());
    }
    if (first instanceof SequenceValue sequence) {
      if (sequence.isMaps()) {
        List<Tensor> values =
            parts.stream().map(part -> ((SequenceValue) part).mapValues()).toList();
        return SequenceValue.ofMaps(sequence.mapKeys(), joinTensors(values));
      }
      List<OnnxValue> elements = new ArrayList<>();
      for (OnnxValue part : parts) {
        for (int i = 0; i < ((SequenceValue) part).size(); i++) {
          elements.add(((SequenceValue) part).get(i));
        }
      }
      return SequenceValue.of(elements);
    }
    throw new IllegalStateException("rows of a " + first.getClass().getSimpleName());
  }

  private static Tensor joinTensors(List<Tensor> parts) {
    int[] dims = parts.get(0).dims();
    dims[0] = 0;
    for (Tensor part : parts) {
      dims[0] += part.dim(0);
    }
    if (parts.get(0) instanceof StringTensor) {
      return joinStrings(parts, dims);
    }
    Tensor joined = Tensor.allocate(parts.get(0).type(), dims);
    int at = 0;
    for (Tensor part : parts) {
      int length = part.size() * part.type().width();
      System.arraycopy(part.array(), part.offset(), joined.array(), at, length);
      at += length;
    }
    return joined;
  }

  private static StringTensor joinStrings(List<Tensor> parts, int[] dims) {
    int[] offsets = new int[Tensor.sizeOf(dims) + 1];
    int element = 0;
    for (Tensor part : parts) {
      StringTensor strings = (StringTensor) part;
      for (int i = 0; i < strings.size(); i++) {
        int length = strings.end(i) - strings.begin(i);
        offsets[element + 1] = Math.addExact(offsets[element], length);
        element++;
      }
    }
    byte[] bytes = new byte[offsets[element]];
    element = 0;
    for (Tensor part : parts) {
      StringTensor strings = (StringTensor) part;
      for (int i = 0; i < strings.size(); i++) {
        int length = strings.end(i) - strings.begin(i);
        System.arraycopy(strings.bytes(), strings.begin(i), bytes, offsets[element++], length);
      }
    }
    return new StringTensor(bytes, offsets, 0, dims);
  }
}
