package io.sparkonnx.spark.store;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.ModelSummary;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.model.FileSystems;
import io.sparkonnx.spark.model.FilesBeside;
import io.sparkonnx.spark.store.ModelColumn.Need;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What was found out about a file, as far as it was needed.
 *
 * @param path the file
 * @param bytesRead length of what was read of it
 * @param sha256 hash of its bytes, or null
 * @param summary what the model is, or null
 * @param problems why there is no summary, or what the reader passed over
 */
record ModelFacts(
    String path, long bytesRead, String sha256, ModelSummary summary, List<String> problems) {
  private static final LoadOptions AS_IT_IS = LoadOptions.DEFAULT.withOptimize(false);

  /**
   * Reads as much of a file as is needed; what goes wrong with it becomes its problem.
   *
   * @param maxBytes that are read at most, external data included
   */
  static ModelFacts of(StoredModel model, Need need, Configuration configuration, long maxBytes) {
    if (need == Need.PATH) {
      return new ModelFacts(model.path(), 0, null, null, List.of());
    }
    BoundedFiles files =
        new BoundedFiles(
            new FilesBeside(new Path(model.path()).getParent(), configuration), maxBytes);
    byte[] bytes;
    try {
      bytes = read(model, configuration, files);
    } catch (IOException e) {
      String problem = "the file cannot be read: " + e.getMessage();
      return new ModelFacts(model.path(), 0, null, null, List.of(problem));
    }
    String sha256 = sha256(bytes);
    if (need == Need.BYTES) {
      return new ModelFacts(model.path(), bytes.length, sha256, null, List.of());
    }
    try (Model loaded = Model.load(bytes, AS_IT_IS.withExternalData(files))) {
      ModelSummary summary = loaded.summary();
      return new ModelFacts(model.path(), bytes.length, sha256, summary, summary.warnings());
    } catch (OnnxException e) {
      return new ModelFacts(model.path(), bytes.length, sha256, null, List.of(e.getMessage()));
    }
  }

  private static byte[] read(StoredModel model, Configuration configuration, BoundedFiles files)
      throws IOException {
    if (model.bytes() > Integer.MAX_VALUE - 8) {
      throw new IOException("it has " + model.bytes() + " bytes, up to 2 GiB can be read");
    }
    Path path = new Path(model.path());
    try (InputStream in = FileSystems.of(path, configuration).open(path)) {
      return files.read(in, model.bytes());
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
