package io.sparkonnx.spark.store;

import io.sparkonnx.engine.ExternalFiles;
import io.sparkonnx.spark.OnnxConf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The files of one model, of which no more bytes than are allowed are read in all. */
final class BoundedFiles implements ExternalFiles {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final ExternalFiles files;
  private final long maxBytes;
  private long left;

  /**
   * @param files beside the model's own
   */
  BoundedFiles(ExternalFiles files, long maxBytes) {
    this.files = files;
    this.maxBytes = maxBytes;
    this.left = maxBytes;
  }

  /**
   * Reads the model's own file.
   *
   * @param listed its length, as far as is known
   */
  byte[] read(InputStream in, long listed) throws IOException {
    if (listed > left) {
      throw tooLarge();
    }
    byte[] bytes = in.readNBytes((int) Math.min(MAX_ARRAY, left + 1));
    take(bytes.length);
    return bytes;
  }

  private void take(long bytes) throws IOException {
    if (bytes > left) {
      throw tooLarge();
    }
    left -= bytes;
  }

  private IOException tooLarge() {
    return new IOException(
        "the model has more than the "
            + maxBytes
            + " bytes that are allowed ("
            + OnnxConf.MAX_MODEL_BYTES
            + " or the heap)");
  }

  @Override
  public ExternalFile open(String path) throws IOException {
    ExternalFile file = files.open(path);
    return file == null ? null : new Bounded(file);
  }

  private final class Bounded implements ExternalFile {
    private final ExternalFile file;

    Bounded(ExternalFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public ByteBuffer read(long offset, int size) throws IOException {
      take(size);
      return file.read(offset, size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
