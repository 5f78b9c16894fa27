package io.sparkonnx.spark.model;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A model file on one of Hadoop's file systems, as it is at one moment. */
record ModelFile(FileSystem system, Path path, Version version) {

  /**
   * What tells one state of a file from another without reading it.
   *
   * @param path qualified path
   * @param modified milliseconds since 1970
   * @param length bytes
   */
  record Version(String path, long modified, long length) {
    /** Whether the file system fills in length and time; HTTP does not. */
    boolean isTelling() {
      return length >= 0 && modified > 0;
    }
  }

  /**
   * Looks a file up.
   *
   * @param location a URI, or a path on the default file system
   * @throws OnnxException MODEL_NOT_READABLE
   */
  static ModelFile at(String location, Configuration configuration) {
    if (location.isBlank()) {
      throw new OnnxException(Code.MODEL_NOT_READABLE, "the model path is empty");
    }
    try {
      Path path = new Path(location);
      FileSystem system = path.getFileSystem(configuration);
      FileStatus status = system.getFileStatus(path);
      if (status.isDirectory()) {
        throw new OnnxException(
            Code.MODEL_NOT_READABLE, "model " + location + " is a folder, not a file");
      }
      String qualified = system.makeQualified(path).toString();
      Version version = new Version(qualified, status.getModificationTime(), status.getLen());
      return new ModelFile(system, path, version);
    } catch (FileNotFoundException e) {
      throw new OnnxException(Code.MODEL_NOT_READABLE, "model " + location + " does not exist", e);
    } catch (IOException | IllegalArgumentException e) {
      throw notReadable(location, e);
    }
  }

  /**
   * Reads the whole file.
   *
   * @throws OnnxException MODEL_NOT_READABLE, or LIMIT_EXCEEDED above 2 GiB
   */
  byte[] read() {
    if (version.length() > Integer.MAX_VALUE - 8) {
      throw new OnnxException(
          Code.LIMIT_EXCEEDED,
          "model " + path + " has " + version.length() + " bytes; up to 2 GiB can be shipped");
    }
    try (DataInputStream in = system.open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw notReadable(path.toString(), e);
    }
  }

  private static OnnxException notReadable(String location, Exception cause) {
    return new OnnxException(
        Code.MODEL_NOT_READABLE,
        "model " + location + " cannot be read: " + cause.getMessage(),
        cause);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
