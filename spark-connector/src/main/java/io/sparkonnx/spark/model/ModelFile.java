package io.sparkonnx.spark.model;

import java.io.IOException;

/** A file that a model is read from, at a place where models may come from. */
sealed interface ModelFile permits HadoopFile, HttpFile, ClasspathFile {
  /** Names the same file in every session. */
  String location();

  /**
   * A file in the same folder or below.
   *
   * @param path relative to the folder, without {@code .} and {@code ..}
   * @throws IOException if it lies elsewhere in truth
   */
  ModelFile beside(String path) throws IOException;

  /**
   * Reads the file if it is not as it was.
   *
   * @param tag of a known state; null for none
   * @return null where the file still has the tag
   */
  Content read(String tag, PiecedBytes.Limit limit) throws IOException;

  /**
   * @param tag differs when the bytes differ; null where only the bytes tell
   * @param bytes of the whole file
   */
  record Content(String tag, PiecedBytes bytes) {}

  /** The file at a URI, or at a path on the default file system. */
  static ModelFile at(String location, ModelAccess access) throws IOException {
    if (HttpFile.isHttp(location)) {
      return HttpFile.at(location, access);
    }
    if (location.startsWith(ClasspathFile.SCHEME)) {
      return ClasspathFile.at(location, access);
    }
    return HadoopFile.at(location, access);
  }
}
