package io.sparkonnx.spark.model;

import io.sparkonnx.engine.ExternalFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The external data of a model on one of Hadoop's file systems, read where it lies.
 *
 * @param folder the model's
 */
public record FilesBeside(Path folder, Configuration configuration) implements ExternalFiles {

  @Override
  public ExternalFile open(String path) throws IOException {
    Path file = new Path(folder, path);
    FileSystem system = FileSystems.of(file, configuration);
    Place inside = Place.of(system.makeQualified(folder).toUri()).real();
    if (!inside.holds(Place.of(system.makeQualified(file).toUri()).real())) {
      throw new OutsideException();
    }
    try {
      long size = system.getFileStatus(file).getLen();
      return new Opened(system.open(file), size);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private record Opened(FSDataInputStream stream, long size) implements ExternalFile {
    @Override
    public ByteBuffer read(long offset, int length) throws IOException {
      byte[] bytes = new byte[length];
      stream.readFully(offset, bytes);
      return ByteBuffer.wrap(bytes);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
