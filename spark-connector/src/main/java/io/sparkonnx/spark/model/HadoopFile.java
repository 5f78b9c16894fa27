package io.sparkonnx.spark.model;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of one of Hadoop's file systems.
 *
 * @param path qualified; on this machine's disk without links
 */
record HadoopFile(FileSystem system, Path path, ModelAccess access) implements ModelFile {

  /**
   * @throws IOException if it is outside the allowed roots, by its name or through links
   */
  static HadoopFile at(String location, ModelAccess access) throws IOException {
    Path written = path(location);
    if (written.isAbsolute()) {
      access.roots().check(Place.of(written, access.hadoop()));
    }
    FileSystem system = FileSystems.of(written, access.hadoop());
    Path path = system.makeQualified(written);
    Place place = Place.of(path.toUri());
    access.roots().check(place);
    Place real = place.real();
    if (real.equals(place)) {
      return new HadoopFile(system, path, access);
    }
    access.roots().checkReal(real);
    return new HadoopFile(
        system, system.makeQualified(new Path("file", null, real.path())), access);
  }

  private static Path path(String location) throws IOException {
    try {
      return new Path(location);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public String location() {
    return path.toString();
  }

  boolean isFolder() throws IOException {
    return system.getFileStatus(path).isDirectory();
  }

  /** A file in this folder. */
  HadoopFile within(String relative) throws IOException {
    return at(new Path(path, relative).toString(), access);
  }

  @Override
  public HadoopFile beside(String relative) throws IOException {
    Place folder = Place.of(path.getParent().toUri());
    HadoopFile file = at(new Path(path.getParent(), relative).toString(), access);
    if (!folder.real().holds(Place.of(file.path.toUri()))) {
      throw new IOException("a link leads out of the model's folder");
    }
    return file;
  }

  @Override
  public Content read(String tag, PiecedBytes.Limit limit) throws IOException {
    FileStatus status = system.getFileStatus(path);
    if (status.isDirectory()) {
      throw new IOException("it is a folder, not a file");
    }
    String now = tag(status);
    if (now != null && now.equals(tag)) {
      return null;
    }
    PiecedBytes bytes;
    try (InputStream in = system.open(path)) {
      bytes = PiecedBytes.read(in, status.getLen() < 0 ? -1 : status.getLen(), limit);
    }
    String after = tag(system.getFileStatus(path));
    if (now != null && !now.equals(after)) {
      throw new IOException("it was changed while it was read");
    }
    return new Content(now, bytes);
  }

  private static String tag(FileStatus status) {
    String etag = status instanceof EtagSource source ? source.getEtag() : null;
    boolean tells = status.getLen() >= 0 && status.getModificationTime() > 0;
    return etag == null && !tells
        ? null
        : status.getModificationTime() + ":" + status.getLen() + ":" + etag;
  }
}
