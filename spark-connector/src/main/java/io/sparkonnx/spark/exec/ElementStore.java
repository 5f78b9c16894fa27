package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;

/** A growing Java array of one element type, filled from Spark values. */
abstract class ElementStore {

  /** Thrown for a value that does not fit; the message says why. */
  static final class UnfitValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnfitValueException(String message) {
      super(message);
    }
  }

  /** Writes values of one Spark type into the store, converted. */
  interface Writer {
    /** Writes the value at an ordinal, which is not null. */
    void put(SpecializedGetters from, int ordinal, int index);

    /** Writes {@code count} values from the start of an array to index, index + stride, … */
    default void putAll(ArrayData from, int count, int index, int stride) {
      for (int i = 0; i < count; i++) {
        put(from, i, index + i * stride);
      }
    }
  }

  static ElementStore of(ElementType element) {
    return switch (element) {
      case FLOAT -> new FloatStore();
      case DOUBLE -> new DoubleStore();
      case STRING -> new StringStore();
      default -> new PackedStore(element);
    };
  }

  /** The writer for a type that binding allows. */
  abstract Writer writer(DataType from);

  /** Makes room for this many elements in all; what is written stays. */
  abstract void reserve(int elements);

  /** A tensor over the elements from {@code first}, valid until something is written. */
  abstract Tensor tensor(int first, int... dims);

  /** Next capacity of an array that must hold {@code elements}. */
  static int grown(int capacity, int elements) {
    return Math.max(elements, (int) Math.min(Integer.MAX_VALUE - 8L, capacity * 3L / 2));
  }
}
