package io.sparkonnx.arrow.write;

import io.sparkonnx.arrow.column.RowMask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.apache.arrow.memory.ArrowBuf;

/** Bulk copies into Arrow's buffers. */
final class Bytes {
  /** Elements of one copy: NIO buffers hold at most 2 GiB. */
  private static final int CHUNK = 1 << 26;

  private Bytes() {}

  /** Copies {@code count} elements of a Java array into a buffer, from its start. */
  static void copy(Object from, int at, ArrowBuf to, int width, int count) {
    for (int done = 0; done < count; done += CHUNK) {
      int length = Math.min(CHUNK, count - done);
      ByteBuffer bytes =
          to.nioBuffer((long) done * width, length * width).order(ByteOrder.LITTLE_ENDIAN);
      int start = at + done;
      if (from instanceof float[] array) {
        bytes.asFloatBuffer().put(array, start, length);
      } else if (from instanceof double[] array) {
        bytes.asDoubleBuffer().put(array, start, length);
      } else if (from instanceof int[] array) {
        bytes.asIntBuffer().put(array, start, length);
      } else if (from instanceof long[] array) {
        bytes.asLongBuffer().put(array, start, length);
      } else if (from instanceof short[] array) {
        bytes.asShortBuffer().put(array, start, length);
      } else {
        bytes.put((byte[]) from, start, length);
      }
    }
  }

  /** Writes one bit for each row: set where the row is not NULL. */
  static void validity(RowMask nulls, ArrowBuf to) {
    BitSet valid = nulls.toBitSet();
    valid.flip(0, nulls.rows());
    bits(valid, nulls.rows(), to);
  }

  static void bits(BitSet bits, int count, ArrowBuf to) {
    byte[] packed = new byte[(count + 7) >> 3];
    byte[] set = bits.toByteArray();
    System.arraycopy(set, 0, packed, 0, set.length);
    to.setBytes(0, packed);
  }
}
