package io.sparkonnx.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of ONNX's test data, named by the system property {@code sparkonnx.conformance}. */
public final class ConformanceData {
  private ConformanceData() {}

  /** A folder of the data; the test is skipped where the machine has none. */
  public static Path folder(String name) {
    String root = System.getProperty("sparkonnx.conformance", "");
    Assumptions.assumeFalse(
        root.isEmpty(), "no ONNX test data: -Dsparkonnx.conformance names its folder");
    Path folder = Path.of(root, name);
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException("sparkonnx.conformance has no folder " + name);
    }
    return folder;
  }
}
