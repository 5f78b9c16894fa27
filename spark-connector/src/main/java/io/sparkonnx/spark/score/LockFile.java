package io.sparkonnx.spark.score;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A small file that only one of several processes can create. */
final class LockFile {
  private final FileSystem files;
  private final Path path;

  /**
   * @param files its file system; checksums beside the file are passed over, since they are not
   *     written together with it
   */
  LockFile(FileSystem files, Path path) {
    this.files = files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
    this.path = path;
  }

  /** The file of this name with something at its end. */
  LockFile with(String suffix) {
    return new LockFile(files, path.suffix(suffix));
  }

  /** Creates the file unless it is there; whether this call did. */
  boolean create(byte[] content) throws IOException {
    files.mkdirs(path.getParent());
    if (files instanceof RawLocalFileSystem local) {
      return createLocally(local.pathToFile(path), content);
    }
    try (OutputStream out = files.create(path, false)) {
      out.write(content);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Hadoop looks first and creates then; the system's own call does both at once. */
  private static boolean createLocally(File file, byte[] content) throws IOException {
    try {
      Files.createFile(file.toPath());
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return false;
    }
    Files.write(file.toPath(), content);
    return true;
  }

  /** Writes the file anew. */
  void write(byte[] content) throws IOException {
    try (OutputStream out = files.create(path, true)) {
      out.write(content);
    }
  }

  /** What is in the file; null where there is none. */
  byte[] read() throws IOException {
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException | NoSuchFileException e) {
      return null;
    }
  }

  /** When the file was written last; null where there is none. */
  Instant written() throws IOException {
    try {
      return Instant.ofEpochMilli(files.getFileStatus(path).getModificationTime());
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  void delete() throws IOException {
    files.delete(path, false);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
