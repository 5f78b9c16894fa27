package io.sparkonnx.spark.model;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Hadoop's file systems. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * The file system of a path.
   *
   * @throws IOException if it cannot be reached, or if one of its classes is not there
   */
  public static FileSystem of(Path path, Configuration configuration) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (NoClassDefFoundError e) {
      throw incomplete(path, configuration, e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw incomplete(path, configuration, missing);
      }
      throw e;
    }
  }

  private static IOException incomplete(Path path, Configuration configuration, Throwable missing) {
    String own = path.toUri().getScheme();
    String scheme = own == null ? FileSystem.getDefaultUri(configuration).getScheme() : own;
    return new IOException(
        "the jars of file system "
            + scheme
            + ": are not all on the class path: "
            + missing.getMessage(),
        missing);
  }
}
