package io.sparkonnx.spark.score;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A local disk on which everything fails from a chosen change on, as if the process had died there.
 */
public final class BreakingFileSystem extends RawLocalFileSystem {
  static final String SCHEME = "breaking";

  /** Changes that are still made. */
  private static int left = Integer.MAX_VALUE;

  /** Lets a number of changes pass and then fails. */
  static synchronized void breakAfter(int changes) {
    left = changes;
  }

  private static synchronized void count() throws IOException {
    if (left <= 0) {
      throw new IOException("the process is dead");
    }
    left--;
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    count();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    count();
    return super.delete(path, recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    count();
    return super.mkdirs(path);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    count();
    return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    count();
    return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
  }
}
