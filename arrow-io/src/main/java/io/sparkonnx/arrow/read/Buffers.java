package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.RowMask;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Locale;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;

/** Bulk copies out of Arrow's buffers. */
final class Buffers {
  /** Elements of one copy: NIO buffers hold at most 2 GiB. */
  private static final int CHUNK = 1 << 26;

  private Buffers() {}

  /** Copies {@code count} little-endian elements from {@code index} into a Java array. */
  static void copy(
      ArrowBuf from, long index, ElementType.Storage storage, Object to, int at, int count) {
    for (int done = 0; done < count; done += CHUNK) {
      int length = Math.min(CHUNK, count - done);
      ByteBuffer bytes =
          from.nioBuffer((index + done) * storage.bytes(), length * storage.bytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      int start = at + done;
      switch (storage) {
        case FLOAT -> bytes.asFloatBuffer().get((float[]) to, start, length);
        case DOUBLE -> bytes.asDoubleBuffer().get((double[]) to, start, length);
        case INT -> bytes.asIntBuffer().get((int[]) to, start, length);
        case LONG -> bytes.asLongBuffer().get((long[]) to, start, length);
        case SHORT -> bytes.asShortBuffer().get((short[]) to, start, length);
        case BYTE, STRING -> bytes.get((byte[]) to, start, length);
      }
    }
  }

  static byte[] bytes(ArrowBuf from, long index, int count) {
    byte[] bytes = new byte[count];
    copy(from, index, ElementType.Storage.BYTE, bytes, 0, count);
    return bytes;
  }

  /** Offsets of {@code rows} rows, counted from the first one; those of no rows may be missing. */
  static int[] offsets(ArrowBuf from, int row, int rows) {
    int[] offsets = new int[rows + 1];
    if (rows > 0) {
      copy(from, row, ElementType.Storage.INT, offsets, 0, rows + 1);
      int first = offsets[0];
      for (int i = 0; first != 0 && i <= rows; i++) {
        offsets[i] -= first;
      }
    }
    return offsets;
  }

  /** The same of 64-bit offsets. */
  static int[] largeOffsets(ArrowBuf from, int row, int rows, String name) {
    int[] offsets = new int[rows + 1];
    if (rows > 0) {
      long[] wide = new long[rows + 1];
      copy(from, row, ElementType.Storage.LONG, wide, 0, rows + 1);
      if (wide[rows] - wide[0] > Integer.MAX_VALUE) {
        throw new OnnxException(
            OnnxException.Code.LIMIT_EXCEEDED,
            String.format(
                Locale.ROOT,
                "column '%s': %d rows hold %d bytes or elements, one tensor at most 2^31-1",
                name,
                rows,
                wide[rows] - wide[0]));
      }
      for (int i = 0; i <= rows; i++) {
        offsets[i] = (int) (wide[i] - wide[0]);
      }
    }
    return offsets;
  }

  /** {@code count} bits from bit {@code from} on. */
  static BitSet bits(ArrowBuf buffer, int from, int count) {
    int first = from >> 3;
    byte[] bytes = bytes(buffer, first, ((from + count + 7) >> 3) - first);
    int shift = from & 7;
    return BitSet.valueOf(bytes).get(shift, shift + count);
  }

  /** The rows of a vector that are NULL. */
  static RowMask nulls(FieldVector vector, int from, int rows) {
    if (vector instanceof NullVector) {
      return RowMask.all(rows);
    }
    if (rows == 0 || vector.getNullCount() == 0) {
      return RowMask.none(rows);
    }
    BitSet bits = bits(vector.getValidityBuffer(), from, rows);
    bits.flip(0, rows);
    return RowMask.of(rows, bits);
  }
}
