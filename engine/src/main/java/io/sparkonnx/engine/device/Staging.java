package io.sparkonnx.engine.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jocl.Pointer;

/** Memory of the host, outside of the heap, through which values go to a device and back. */
final class Staging {
  private static final int BYTES = 4 << 20;

  private final FloatBuffer floats =
      ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
  private final Pointer pointer = Pointer.to(floats);

  /** Enqueues a copy, and waits for it. */
  interface Copy {
    /**
     * @param at element of the buffer
     */
    void run(long at, int count, Pointer host);
  }

  /** Sends {@code values[offset, offset + length)} to a buffer's elements from {@code at}. */
  void write(long at, float[] values, int offset, int length, Copy copy) {
    for (int done = 0; done < length; done += floats.capacity()) {
      int count = Math.min(floats.capacity(), length - done);
      floats.put(0, values, offset + done, count);
      copy.run(at + done, count, pointer);
    }
  }

  /** The way back. */
  void read(long at, float[] values, int offset, int length, Copy copy) {
    for (int done = 0; done < length; done += floats.capacity()) {
      int count = Math.min(floats.capacity(), length - done);
      copy.run(at + done, count, pointer);
      floats.get(0, values, offset + done, count);
    }
  }
}
