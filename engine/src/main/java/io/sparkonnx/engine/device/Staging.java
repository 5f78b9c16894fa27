package io.sparkonnx.engine.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.jocl.Pointer;

/**
 * Memory of the host through which values go to a device and back: {@link PinnedMemory} where there
 * is such, else outside of the heap.
 */
final class Staging {
  static final int BYTES = 4 << 20;

  private final ByteBuffer bytes;
  private final FloatBuffer floats;
  private final IntBuffer ints;
  private final LongBuffer longs;
  private final ShortBuffer shorts;
  private final Pointer pointer;

  /**
   * @param pinned {@link #BYTES} of it, or null for none
   */
  Staging(PinnedMemory pinned) {
    ByteBuffer memory = pinned == null ? ByteBuffer.allocateDirect(BYTES) : pinned.host();
    bytes = memory.order(ByteOrder.nativeOrder());
    floats = bytes.asFloatBuffer();
    ints = bytes.asIntBuffer();
    longs = bytes.asLongBuffer();
    shorts = bytes.asShortBuffer();
    pointer = Pointer.to(bytes);
  }

  /** Enqueues a copy, and waits for it. */
  interface Copy {
    /**
     * @param at byte of the buffer
     * @param count bytes
     */
    void run(long at, long count, Pointer host);
  }

  /** Bytes of an element of a float[], int[], long[], short[] or byte[]. */
  private static int width(Object array) {
    if (array instanceof byte[]) {
      return Byte.BYTES;
    }
    return array instanceof short[] ? Short.BYTES : array instanceof long[] ? Long.BYTES : 4;
  }

  /** Sends {@code values[offset, offset + length)} to a buffer's elements from {@code at}. */
  void write(long at, Object values, int offset, int length, Copy copy) {
    int width = width(values);
    int most = BYTES / width;
    for (int done = 0; done < length; done += most) {
      int count = Math.min(most, length - done);
      put(values, offset + done, count);
      copy.run((at + done) * width, (long) count * width, pointer);
    }
  }

  /** The way back. */
  void read(long at, Object values, int offset, int length, Copy copy) {
    int width = width(values);
    int most = BYTES / width;
    for (int done = 0; done < length; done += most) {
      int count = Math.min(most, length - done);
      copy.run((at + done) * width, (long) count * width, pointer);
      get(values, offset + done, count);
    }
  }

  private void put(Object values, int from, int count) {
    if (values instanceof float[] array) {
      floats.put(0, array, from, count);
    } else if (values instanceof int[] array) {
      ints.put(0, array, from, count);
    } else if (values instanceof long[] array) {
      longs.put(0, array, from, count);
    } else if (values instanceof short[] array) {
      shorts.put(0, array, from, count);
    } else {
      bytes.put(0, (byte[]) values, from, count);
    }
  }

  private void get(Object values, int to, int count) {
    if (values instanceof float[] array) {
      floats.get(0, array, to, count);
    } else if (values instanceof int[] array) {
      ints.get(0, array, to, count);
    } else if (values instanceof long[] array) {
      longs.get(0, array, to, count);
    } else if (values instanceof short[] array) {
      shorts.get(0, array, to, count);
    } else {
      bytes.get(0, (byte[]) values, to, count);
    }
  }
}
