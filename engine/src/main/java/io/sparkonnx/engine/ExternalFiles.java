package io.sparkonnx.engine;

import io.sparkonnx.engine.onnx.ExternalFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The files beside a model that hold data of its tensors, wherever they lie. */
@FunctionalInterface
public interface ExternalFiles {

  /** One open file; used by one thread. */
  interface ExternalFile extends Closeable {
    /** Bytes of the file. */
    long size() throws IOException;

    /**
     * Some of the file's bytes, which the caller only reads.
     *
     * @return {@code size} bytes from the buffer's position to its limit
     * @throws java.io.EOFException if the file ends before
     */
    ByteBuffer read(long offset, int size) throws IOException;
  }

  /** The file exists, but a link leads to it from inside the model's folder to outside. */
  final class OutsideException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Opens a file.
   *
   * @param path relative to the model's folder: names separated by slashes, none of them empty,
   *     {@code .} or {@code ..}
   * @return null where there is no such file
   */
  ExternalFile open(String path) throws IOException;

  /** The files of a folder and of its subfolders. */
  static ExternalFiles in(Path folder) {
    return new ExternalFolder(folder);
  }
}
