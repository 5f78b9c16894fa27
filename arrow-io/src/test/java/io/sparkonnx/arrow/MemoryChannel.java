package io.sparkonnx.arrow;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file in memory that counts the bytes that are read. */
final class MemoryChannel implements SeekableByteChannel {
  private final ByteBuffer contents;
  private long bytes;

  MemoryChannel(byte[] contents) {
    this.contents = ByteBuffer.wrap(contents);
  }

  void reset() {
    bytes = 0;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public int read(ByteBuffer into) {
    if (!contents.hasRemaining()) {
      return -1;
    }
    int length = Math.min(into.remaining(), contents.remaining());
    into.put(contents.slice().limit(length));
    contents.position(contents.position() + length);
    bytes += length;
    return length;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    return contents.position();
  }

  @Override
  public SeekableByteChannel position(long position) {
    contents.position(Math.toIntExact(position));
    return this;
  }

  @Override
  public long size() {
    return contents.capacity();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
