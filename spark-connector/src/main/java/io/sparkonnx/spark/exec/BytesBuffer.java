package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.exec.ElementStore.UnfitValueException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/**
 * A row's elements from the raw bytes of its tensor, little-endian. One dimension that the model
 * leaves open follows from the number of bytes.
 */
final class BytesBuffer extends ShapedBuffer {
  private final int elementBytes;
  private final BytesCursor cursor = new BytesCursor();

  BytesBuffer(InputSlot slot, LongConsumer growth) {
    super(slot, growth);
    this.elementBytes = slot.element().storage().bytes();
  }

  @Override
  void put(SpecializedGetters from, int ordinal, int argument, int row) {
    cursor.row(from, ordinal);
    putBytes(row);
  }

  @Override
  void putColumn(ColumnVector column, int argument, int first, int rows) {
    for (int row = 0; row < rows; row++) {
      cursor.row(column, first + row);
      try {
        putBytes(row);
      } catch (UnfitValueException e) {
        throw new BadValueException(e.getMessage(), argument, row);
      }
    }
  }

  private void putBytes(int row) {
    int size = cursor.size();
    if (shapes.isOpen()) {
      shapes.place(row, measured(size), store);
    } else if (size != (long) slot.rowSize() * elementBytes) {
      throw new UnfitValueException(
          "has "
              + size
              + " bytes where a row takes "
              + slot.rowSize()
              + " elements of "
              + elementBytes);
    }
    ElementSource bytes = cursor.values();
    if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN && elementBytes > 1) {
      byte[] copy = new byte[size];
      bytes.bytes(0, size, copy, 0);
      reverse(copy, elementBytes);
      bytes = new MemorySource(copy, Platform.BYTE_ARRAY_OFFSET, null);
    }
    store.putRaw(bytes, size / elementBytes, shapes.start(row));
  }

  /** Reverses the bytes of each element. */
  static void reverse(byte[] bytes, int elementBytes) {
    for (int first = 0; first < bytes.length; first += elementBytes) {
      for (int i = first, j = first + elementBytes - 1; i < j; i++, j--) {
        byte swapped = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = swapped;
      }
    }
  }

  private int[] measured(int size) {
    int[] dims = shapes.dims();
    int known = Arrays.stream(dims).filter(dim -> dim != InputSlot.OPEN).reduce(1, (a, b) -> a * b);
    int step = known * elementBytes;
    if (step == 0 ? size != 0 : size % step != 0) {
      throw new UnfitValueException(
          "has "
              + size
              + " bytes, which is no multiple of "
              + known
              + " elements of "
              + elementBytes);
    }
    int open = step == 0 ? 0 : size / step;
    return Arrays.stream(dims).map(dim -> dim == InputSlot.OPEN ? open : dim).toArray();
  }
}
