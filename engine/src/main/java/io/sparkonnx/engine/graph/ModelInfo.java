package io.sparkonnx.engine.graph;

import java.util.Map;

/**
 * What a model file says of itself.
 *
 * @param irVersion version of the file format
 * @param producer exporter's name and version, or empty
 * @param domain the model's own domain, or empty
 * @param modelVersion the model's own version
 * @param opsets opset version by domain
 * @param metadata free key-value pairs
 * @param sha256 hash of the file's bytes, lower-case hexadecimal
 */
public record ModelInfo(
    long irVersion,
    String producer,
    String domain,
    long modelVersion,
    Map<String, Integer> opsets,
    Map<String, String> metadata,
    String sha256) {
  public ModelInfo {
    opsets = Map.copyOf(opsets);
    metadata = Map.copyOf(metadata);
  }
}
