package io.sparkonnx.spark.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file of any Hadoop file system, to be read anywhere. */
final class HadoopChannel implements SeekableByteChannel {
  private static final int CHUNK = 1 << 16;

  private final FSDataInputStream in;
  private final long size;
  private boolean open = true;
  private byte[] chunk;

  private HadoopChannel(FSDataInputStream in, long size) {
    this.in = in;
    this.size = size;
  }

  /**
   * @param size of the file; 0 if it has to be asked for
   */
  static HadoopChannel open(Path path, long size, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    long length = size > 0 ? size : files.getFileStatus(path).getLen();
    return new HadoopChannel(files.open(path), length);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (into.hasArray()) {
      int read = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
      if (read > 0) {
        into.position(into.position() + read);
      }
      return read;
    }
    if (chunk == null) {
      chunk = new byte[CHUNK];
    }
    int read = in.read(chunk, 0, Math.min(chunk.length, into.remaining()));
    if (read > 0) {
      into.put(chunk, 0, read);
    }
    return read;
  }

  @Override
  public long position() throws IOException {
    return in.getPos();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    in.seek(position);
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    in.close();
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException("files are only read");
  }

  @Override
  public SeekableByteChannel truncate(long length) {
    throw new UnsupportedOperationException("files are only read");
  }
}
