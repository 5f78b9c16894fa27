package io.sparkonnx.spark.model;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Where something lies, in a form that can be compared.
 *
 * @param scheme in lower case
 * @param authority empty for none; a host is in lower case and without the scheme's usual port
 * @param path absolute, decoded
 */
record Place(String scheme, String authority, String path) {

  /** Of schemes whose authority is a host; that of others may be a bucket. */
  private static final Map<String, String> USUAL_PORTS =
      Map.of("http", ":80", "https", ":443", "hdfs", ":8020");

  /** The place of an absolute path; the file system need not be there. */
  static Place of(org.apache.hadoop.fs.Path path, Configuration hadoop) {
    URI system = FileSystem.getDefaultUri(hadoop);
    return of(path.makeQualified(system, new org.apache.hadoop.fs.Path("/")).toUri());
  }

  /** The place of an absolute URI. */
  static Place of(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String authority = uri.getAuthority() == null ? "" : uri.getAuthority();
    String port = USUAL_PORTS.get(scheme);
    if (port != null) {
      authority = authority.toLowerCase(Locale.ROOT);
      if (authority.endsWith(port)) {
        authority = authority.substring(0, authority.length() - port.length());
      }
    }
    String path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
    return new Place(scheme, authority, path);
  }

  /** The same place without links, where it is on this machine's disk and exists. */
  Place real() {
    if (!scheme.equals("file")) {
      return this;
    }
    try {
      String real = Path.of(path).toRealPath().toUri().getPath();
      boolean folder = real.length() > 1 && real.endsWith("/");
      return new Place(scheme, authority, folder ? real.substring(0, real.length() - 1) : real);
    } catch (IOException | InvalidPathException e) {
      return this;
    }
  }

  /** Whether another place is this one or below. */
  boolean holds(Place other) {
    String folder = path.endsWith("/") ? path : path + "/";
    return scheme.equals(other.scheme)
        && authority.equals(other.authority)
        && other.isPlain()
        && (other.path + "/").startsWith(folder);
  }

  /** Whether no name in the path leads up. */
  private boolean isPlain() {
    return !("/" + path + "/").contains("/../") && !("/" + path + "/").contains("/./");
  }

  @Override
  public String toString() {
    return authority.isEmpty() ? scheme + ":" + path : scheme + "://" + authority + path;
  }
}
