package io.sparkonnx.spark.model;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What names a model: {@code location} or {@code location@sha256:HASH}.
 *
 * @param location a short name, {@code zoo:…}, or the location of a file or folder
 * @param sha256 the hash that the model must have, lower-case hexadecimal; null for any
 */
record ModelName(String location, String sha256) {
  private static final Pattern PINNED = Pattern.compile("(.*)@sha256:([^/]*)", Pattern.DOTALL);
  private static final Pattern SHORT = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

  /**
   * @throws OnnxException MODEL_NOT_READABLE where there is no location or the hash is none
   */
  static ModelName parse(String written) {
    Matcher pinned = PINNED.matcher(written.strip());
    ModelName name =
        pinned.matches()
            ? new ModelName(pinned.group(1), hash(pinned.group(2)))
            : new ModelName(written.strip(), null);
    if (name.location.isEmpty()) {
      throw new OnnxException(Code.MODEL_NOT_READABLE, "the model path is empty");
    }
    return name;
  }

  /** A hash in lower case. */
  static String hash(String written) {
    String hash = written.strip().toLowerCase(Locale.ROOT);
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "'" + written + "' is no SHA-256; 64 hexadecimal digits are expected");
    }
    return hash;
  }

  /** Whether a setting of the session says what is meant. */
  boolean isShort() {
    return SHORT.matcher(location).matches();
  }
}
