package io.sparkonnx.engine.onnx;

import com.google.protobuf.WireFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A message in wire form that is being written, nested messages before their lengths are known. */
final class Skeleton {
  /** Lengths of nested messages are written in this width, which readers must take. */
  private static final int LENGTH_BYTES = 5;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private final Budget budget;
  private byte[] buffer = new byte[1024];
  private int size;

  Skeleton(Budget budget) {
    this.budget = budget;
  }

  ByteBuffer bytes() {
    return ByteBuffer.wrap(buffer, 0, size);
  }

  /** Starts a nested message; the result goes to {@link #end}. */
  int begin(int field) {
    tag(field);
    reserve(LENGTH_BYTES);
    size += LENGTH_BYTES;
    return size;
  }

  void end(int mark) {
    int length = size - mark;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      int more = i < LENGTH_BYTES - 1 ? 0x80 : 0;
      buffer[mark - LENGTH_BYTES + i] = (byte) (((length >>> (7 * i)) & 0x7F) | more);
    }
  }

  /** Copies a part of a file as it is. */
  void copy(ByteBuffer file, int from, int to) {
    reserve(to - from);
    file.get(from, buffer, size, to - from);
    size += to - from;
  }

  /** Writes a field of fewer than 128 bytes. */
  void bytes(int field, byte[] value) {
    tag(field);
    reserve(1 + value.length);
    buffer[size++] = (byte) value.length;
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
  }

  private void tag(int field) {
    reserve(LENGTH_BYTES);
    int key = (field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    while (key >= 0x80) {
      buffer[size++] = (byte) ((key & 0x7F) | 0x80);
      key >>>= 7;
    }
    buffer[size++] = (byte) key;
  }

  private void reserve(int count) {
    if (count <= buffer.length - size) {
      return;
    }
    long needed = (long) size + count;
    if (needed > MAX_BYTES) {
      throw Refusals.limit("the structure of the model has more than 2 GB");
    }
    int grown = (int) Math.min(MAX_BYTES, Math.max(needed, 2L * buffer.length));
    budget.chargeHeap(grown, "the structure of the model");
    buffer = Arrays.copyOf(buffer, grown);
  }
}
