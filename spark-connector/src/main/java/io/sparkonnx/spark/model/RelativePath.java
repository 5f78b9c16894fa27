package io.sparkonnx.spark.model;

import java.io.IOException;
import java.util.Arrays;

/** Paths that a description gives relative to its own folder. */
final class RelativePath {
  private RelativePath() {}

  /**
   * A path, if it stays in the folder.
   *
   * @param what names it, for the message
   */
  static String plain(String path, String what) throws IOException {
    boolean inside =
        !path.isBlank()
            && path.chars().noneMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))
            && Arrays.stream(path.split("/", -1))
                .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
    if (!inside) {
      throw new IOException(what + " is '" + path + "', which is no path inside the folder");
    }
    return path;
  }
}
