package io.sparkonnx.spark.model;

import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.bind.OnnxCondition;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;

/**
 * Where models may come from.
 *
 * @param roots the allowed folders; null where none are set
 * @param refused schemes that are refused where no roots are set
 */
record AllowedRoots(List<Place> roots, Set<String> refused) {
  static final AllowedRoots EVERYTHING = new AllowedRoots(null, Set.of());

  /** An archive may lie on the server's disk. */
  private static final Set<String> REFUSED_BY_CONNECT = Set.of("file", "http", "har");

  private static final String CONNECT_PLUGIN = "org.apache.spark.sql.connect.SparkConnectPlugin";
  private static final String CONNECT_LOADER =
      "spark.sql.artifact.isolation.alwaysApplyClassloader";

  static AllowedRoots of(SparkConf application, Configuration hadoop) {
    List<String> set = OnnxConf.of(application).modelRoots();
    if (set == null) {
      return isConnectServer(application) ? new AllowedRoots(null, REFUSED_BY_CONNECT) : EVERYTHING;
    }
    List<Place> roots = new ArrayList<>();
    for (String root : set) {
      try {
        roots.add(place(root, hadoop));
      } catch (IllegalArgumentException | URISyntaxException e) {
        throw OnnxCondition.ONNX_SETTING.raise(
            OnnxConf.MODEL_ROOTS + " names " + root + ", which is no folder: " + e.getMessage());
      }
    }
    return new AllowedRoots(List.copyOf(roots), Set.of());
  }

  /**
   * Whether the application serves Spark Connect: it loads the plugin, or is the server's main
   * class, which sets the class loader of sessions.
   */
  static boolean isConnectServer(SparkConf application) {
    return application.get("spark.plugins", "").contains(CONNECT_PLUGIN)
        || application.getBoolean(CONNECT_LOADER, false);
  }

  private static Place place(String root, Configuration hadoop) throws URISyntaxException {
    if (HttpFile.isHttp(root)) {
      return Place.of(new URI(root).normalize());
    }
    if (root.startsWith(ClasspathFile.SCHEME)) {
      return ClasspathFile.place(root);
    }
    Path written = new Path(root);
    boolean isBucket =
        written.toUri().getAuthority() != null && written.toUri().getPath().isEmpty();
    Path path = isBucket ? new Path(root + "/") : written;
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("it is relative");
    }
    return Place.of(path, hadoop);
  }

  /** Whether some places are refused. */
  boolean isRestricted() {
    return roots != null || !refused.isEmpty();
  }

  /**
   * @throws IOException if models may not come from a place
   */
  void check(Place place) throws IOException {
    if (roots == null) {
      checkScheme(place);
    } else if (roots.stream().noneMatch(root -> root.holds(place))) {
      throw outside(place);
    }
  }

  /** {@link #check} for a place to which links lead, against the roots to which links lead. */
  void checkReal(Place place) throws IOException {
    if (roots != null && roots.stream().noneMatch(root -> root.real().holds(place))) {
      throw outside(place);
    }
  }

  private void checkScheme(Place place) throws IOException {
    if (refused.contains(place.scheme())) {
      throw new IOException(
          "a Spark Connect server takes no models from "
              + place.scheme()
              + ": unless the application's "
              + OnnxConf.MODEL_ROOTS
              + " allows it");
    }
  }

  private IOException outside(Place place) {
    return new IOException(
        place
            + " is outside the folders that "
            + OnnxConf.MODEL_ROOTS
            + " allows: "
            + roots.stream().map(Place::toString).collect(Collectors.joining(", ")));
  }
}
