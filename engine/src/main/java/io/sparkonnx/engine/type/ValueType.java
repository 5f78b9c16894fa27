package io.sparkonnx.engine.type;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.OptionalValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;

/** The static type of a value. */
public sealed interface ValueType {

  /** A dense tensor. */
  record TensorType(ElementType element, Shape shape) implements ValueType {
    @Override
    public String toString() {
      return element + " " + shape;
    }
  }

  /** A sequence of values of one type. */
  record SequenceType(ValueType element) implements ValueType {
    @Override
    public String toString() {
      return "seq(" + element + ")";
    }
  }

  /** A map from integers or strings. */
  record MapType(ElementType key, ValueType value) implements ValueType {
    @Override
    public String toString() {
      return "map(" + key + ", " + value + ")";
    }
  }

  /** A value or none. */
  record OptionalType(ValueType element) implements ValueType {
    @Override
    public String toString() {
      return "optional(" + element + ")";
    }
  }

  /** The type of a value that is there. Empty sequences and optionals count as such of floats. */
  static ValueType of(OnnxValue value) {
    if (value instanceof Tensor tensor) {
      return new TensorType(tensor.type(), Shape.of(tensor.dims()));
    }
    if (value instanceof MapValue map) {
      return new MapType(map.keys().type(), new TensorType(map.values().type(), Shape.SCALAR));
    }
    if (value instanceof SequenceValue sequence) {
      return new SequenceType(sequence.size() == 0 ? UNKNOWN_ELEMENT : of(sequence.get(0)));
    }
    OptionalValue optional = (OptionalValue) value;
    return new OptionalType(optional.isPresent() ? of(optional.value()) : UNKNOWN_ELEMENT);
  }

  /** What an empty container is taken to hold. */
  ValueType UNKNOWN_ELEMENT = new TensorType(ElementType.FLOAT, Shape.UNKNOWN);
}
