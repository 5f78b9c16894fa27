package io.sparkonnx.spark.score;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Records of runs as files of JSON. */
final class RunRecords {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private RunRecords() {}

  static <T> T read(FileSystem files, Path path, Class<T> type) throws IOException {
    try (InputStream in = files.open(path)) {
      return JSON.readValue(in, type);
    }
  }

  /** Writes to a path where nothing is yet; the file appears whole. */
  static void write(FileSystem files, Path path, Object value) throws IOException {
    Path unfinished = path.suffix(".unfinished");
    try (OutputStream out = files.create(unfinished, true)) {
      out.write(JSON.writeValueAsBytes(value));
    }
    if (!files.rename(unfinished, path)) {
      throw new IOException(unfinished + " cannot be renamed to " + path);
    }
  }
}
