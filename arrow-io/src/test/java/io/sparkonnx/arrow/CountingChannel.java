package io.sparkonnx.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Counts the bytes that are read. */
final class CountingChannel implements SeekableByteChannel {
  private final SeekableByteChannel channel;
  private long bytes;

  CountingChannel(SeekableByteChannel channel) {
    this.channel = channel;
  }

  void reset() {
    bytes = 0;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = channel.read(into);
    bytes += Math.max(0, read);
    return read;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    channel.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
