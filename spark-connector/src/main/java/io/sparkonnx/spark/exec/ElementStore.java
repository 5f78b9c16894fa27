package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;

/** A growing Java array of one element type, filled from Spark values. */
abstract class ElementStore {
  /** Values that are converted at a time. */
  static final int BLOCK = 512;

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

    /**
     * Writes {@code count} values, none of which is null, from {@code first} on to index, index +
     * stride, …
     */
    default void putAll(ElementSource from, int first, int count, int index, int stride) {
      SpecializedGetters values = from.getters();
      for (int i = 0; i < count; i++) {
        put(values, first + i, index + i * stride);
      }
    }

    /** Writes the fields at some ordinals of a row, none of which is null. */
    default void putFields(
        SpecializedGetters from, int[] ordinals, int begin, int end, int index, int stride) {
      for (int i = begin; i < end; i++) {
        put(from, ordinals[i], index + (i - begin) * stride);
      }
    }
  }

  private long moved;

  /**
   * A store for an element type.
   *
   * @param growth told of the bytes by which the text of strings is about to grow
   */
  static ElementStore of(ElementType element, LongConsumer growth) {
    return switch (element) {
      case FLOAT -> new FloatStore();
      case DOUBLE -> new DoubleStore();
      case STRING -> new StringStore(growth);
      default -> new PackedStore(element);
    };
  }

  /** The writer for a type that binding allows. */
  abstract Writer writer(DataType from);

  /** Starts anew: what is written may go. */
  void begin() {}

  /** Makes room for this many elements in all; what is written stays. */
  abstract void reserve(int elements);

  /** Sets elements to zero. */
  abstract void clear(int first, int count);

  /** Sets an element to NaN; for floating-point types. */
  abstract void putNan(int index);

  /** Copies the first elements of a source that holds them as this store does. */
  abstract void putRaw(ElementSource from, int count, int index);

  /** Bytes that the first elements take. */
  abstract long bytes(int elements);

  /** Bytes of the text of all strings. */
  long textBytes() {
    return 0;
  }

  /** Bytes that were copied once more for tensors, so far. */
  final long movedBytes() {
    return moved;
  }

  final void addMoved(long bytes) {
    moved += bytes;
  }

  /** A tensor over the elements from {@code first}, valid until something is written. */
  abstract Tensor tensor(int first, int... dims);

  /**
   * A tensor of copies, whatever is written later: piece i is {@code lengths[i]} elements from
   * {@code firsts[i]} on and begins at i · stride; zeros are between pieces.
   */
  Tensor pieces(int[] firsts, int[] lengths, int stride, int... dims) {
    Tensor own = tensor(0, 0);
    Tensor pieces = Tensor.allocate(own.type(), dims);
    for (int i = 0; i < firsts.length; i++) {
      System.arraycopy(own.array(), firsts[i], pieces.array(), i * stride, lengths[i]);
      moved += bytes(lengths[i]);
    }
    return pieces;
  }

  /** Next capacity of an array that must hold {@code elements}. */
  static int grown(int capacity, int elements) {
    return Math.max(elements, (int) Math.min(Integer.MAX_VALUE - 8L, capacity * 3L / 2));
  }
}
