package io.sparkonnx.arrow.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Reading of bytes that messages are made of. */
final class Messages {
  /** Stands before a message's length since Arrow 0.15. */
  static final int CONTINUATION = -1;

  /** Bytes of one read of a body: NIO buffers hold at most 2 GiB. */
  private static final int CHUNK = 1 << 26;

  private Messages() {}

  static ByteBuffer read(ReadableByteChannel from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill(from, bytes);
    return bytes.flip();
  }

  static ArrowBuf read(ReadableByteChannel from, long length, BufferAllocator allocator)
      throws IOException {
    ArrowBuf buffer = allocator.buffer(length);
    try {
      for (long done = 0; done < length; done += CHUNK) {
        fill(from, buffer.nioBuffer(done, (int) Math.min(CHUNK, length - done)));
      }
      buffer.writerIndex(length);
      return buffer;
    } catch (IOException | RuntimeException | Error e) {
      buffer.close();
      throw e;
    }
  }

  private static void fill(ReadableByteChannel from, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (from.read(bytes) < 0) {
        throw new EOFException("it ends " + bytes.remaining() + " bytes early");
      }
    }
  }

  static void requireLittleEndian(Schema schema) {
    if (schema.endianness() != Endianness.Little) {
      throw new IllegalArgumentException("its numbers are big-endian, little-endian are read");
    }
  }
}
