package io.sparkonnx.spark.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkonnx.spark.bind.OnnxCondition;
import io.sparkonnx.spark.model.FileSystems;
import io.sparkonnx.spark.model.ModelAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The model files that some paths stand for.
 *
 * @param paths files, folders and globs
 * @param configuration of the file systems
 * @param access where models may come from
 */
record ModelStore(List<String> paths, Configuration configuration, ModelAccess access) {
  private static final String SUFFIX = ".onnx";
  private static final Pattern GLOB = Pattern.compile("[*?\\[{\\\\]");

  /**
   * Reads the paths from a reader's options: {@code path}, or a JSON list named {@code paths}.
   *
   * @throws org.apache.spark.sql.AnalysisException ONNX_MODEL_STORE without any
   */
  static List<String> paths(Map<String, String> options) {
    List<String> paths = new ArrayList<>();
    if (options.containsKey("path")) {
      paths.add(options.get("path"));
    }
    if (options.containsKey("paths")) {
      try {
        String[] several = new ObjectMapper().readValue(options.get("paths"), String[].class);
        paths.addAll(Arrays.asList(several));
      } catch (JsonProcessingException e) {
        throw OnnxCondition.ONNX_MODEL_STORE.raise(
            "format(\"onnx\"): option paths is '"
                + options.get("paths")
                + "'; a JSON list of strings is needed",
            e);
      }
    }
    if (paths.isEmpty()) {
      throw OnnxCondition.ONNX_MODEL_STORE.raise(
          "format(\"onnx\") has no path; a model file, a folder of models or a glob is needed");
    }
    return paths;
  }

  /**
   * Asks whether there is something under each path.
   *
   * @throws org.apache.spark.sql.AnalysisException ONNX_MODEL_STORE for the first that is not there
   */
  void check() {
    paths.forEach(this::matches);
  }

  /**
   * The files now, by path, each once.
   *
   * @throws org.apache.spark.sql.AnalysisException ONNX_MODEL_STORE if a path is not there
   */
  List<StoredModel> list() {
    TreeMap<String, StoredModel> models = new TreeMap<>();
    for (String path : paths) {
      int found = found(pattern(path));
      for (FileStatus match : matches(path)) {
        try {
          add(match, found, models);
        } catch (IOException e) {
          throw unreadable(path, e);
        }
      }
    }
    return List.copyOf(models.values());
  }

  /**
   * @param found how many names of the path a pattern has found, from the first one on
   */
  private void add(FileStatus match, int found, TreeMap<String, StoredModel> models)
      throws IOException {
    if (isHidden(match.getPath(), found)) {
      return;
    }
    if (match.isFile()) {
      put(match, models);
      return;
    }
    FileSystem system = FileSystems.of(match.getPath(), configuration);
    RemoteIterator<LocatedFileStatus> files = system.listFiles(match.getPath(), true);
    while (files.hasNext()) {
      FileStatus file = files.next();
      boolean model = file.getPath().getName().toLowerCase(Locale.ROOT).endsWith(SUFFIX);
      int below = file.getPath().depth() - match.getPath().depth();
      if (model && !isHidden(file.getPath(), below)) {
        put(file, models);
      }
    }
  }

  private void put(FileStatus file, TreeMap<String, StoredModel> models) throws IOException {
    access.check(file.getPath());
    String path = file.getPath().toString();
    models.put(path, new StoredModel(path, file.getLen()));
  }

  /** Whether one of a path's last names is one that Spark's sources pass over. */
  private static boolean isHidden(Path file, int names) {
    Path part = file;
    for (int i = 0; i < names; i++) {
      if (part.getName().startsWith(".") || part.getName().startsWith("_")) {
        return true;
      }
      part = part.getParent();
    }
    return false;
  }

  /** How many names there are from the first one that is a pattern. */
  private static int found(Path pattern) {
    int found = 0;
    int names = 1;
    for (Path part = pattern; part != null; part = part.getParent()) {
      if (GLOB.matcher(part.getName()).find()) {
        found = names;
      }
      names++;
    }
    return found;
  }

  private FileStatus[] matches(String path) {
    FileStatus[] matches;
    try {
      Path pattern = pattern(path);
      access.check(withoutGlob(pattern));
      matches = FileSystems.of(pattern, configuration).globStatus(pattern);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(path, e);
    }
    if (matches == null || matches.length == 0) {
      throw OnnxCondition.ONNX_MODEL_STORE.raise(
          "format(\"onnx\"): path " + path + " does not exist");
    }
    return matches;
  }

  /** A URI without a path, such as that of a bucket, means the root. */
  private static Path pattern(String path) {
    Path written = new Path(path);
    return written.toUri().getPath().isEmpty() ? new Path(written, Path.SEPARATOR) : written;
  }

  /** The path up to the first name that is a pattern. */
  private static Path withoutGlob(Path pattern) {
    Path fixed = pattern;
    for (Path part = pattern; part != null; part = part.getParent()) {
      if (GLOB.matcher(part.getName()).find()) {
        fixed = part.getParent() == null ? new Path(Path.CUR_DIR) : part.getParent();
      }
    }
    return fixed;
  }

  private static RuntimeException unreadable(String path, Exception cause) {
    return OnnxCondition.ONNX_MODEL_STORE.raise(
        "format(\"onnx\"): path " + path + " cannot be read: " + cause.getMessage(), cause);
  }
}
