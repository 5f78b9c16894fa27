package io.sparkonnx.engine;

import io.sparkonnx.engine.graph.ModelInfo;
import java.nio.file.Path;

/**
 * A loaded model: checked, optimised, planned, its weights packed. Immutable and shared by all
 * threads; each task opens a {@link Session} of its own.
 */
public interface Model extends AutoCloseable {
  /** Loads a model file; external data may come from its folder. */
  static Model load(Path file) {
    return load(file, LoadOptions.DEFAULT);
  }

  /**
   * Loads a model file.
   *
   * @throws OnnxException MODEL_NOT_READABLE, INVALID_MODEL, UNSUPPORTED_MODEL or LIMIT_EXCEEDED;
   *     one message with every problem found
   */
  static Model load(Path file, LoadOptions options) {
    throw new UnsupportedOperationException(file + " " + options);
  }

  /** Loads a model from its bytes. */
  static Model load(byte[] bytes, LoadOptions options) {
    throw new UnsupportedOperationException(bytes.length + " " + options);
  }

  Signature signature();

  /** What the file says of itself. */
  ModelInfo info();

  Batching batching();

  /** Name of the kernel set, e.g. {@code simd-512}. */
  String kernels();

  /** Bytes of constants, packed ones included. */
  long weightBytes();

  Session newSession();

  @Override
  void close();
}
