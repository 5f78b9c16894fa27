package io.sparkonnx.engine;

import io.sparkonnx.engine.graph.ModelInfo;
import io.sparkonnx.engine.kernel.KernelProvider;
import io.sparkonnx.engine.onnx.LoadedModel;
import io.sparkonnx.engine.onnx.ModelReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    LoadOptions beside =
        options.externalData() == null
            ? options.withExternalData(file.toAbsolutePath().getParent())
            : options;
    LoadedModel loaded = ModelReader.read(file, StandardOperators.TABLE, beside);
    return CompiledModel.compile(loaded, beside, KernelProvider.named(options.kernels()));
  }

  /** Loads a model from its bytes. */
  static Model load(byte[] bytes, LoadOptions options) {
    LoadedModel loaded = ModelReader.read(bytes, StandardOperators.TABLE, options);
    return CompiledModel.compile(loaded, options, KernelProvider.named(options.kernels()));
  }

  /**
   * The files of external data that a model needs, as paths relative to its folder, each once and
   * sorted.
   *
   * @throws OnnxException as {@link #load(Path, LoadOptions)}, and INVALID_MODEL for a path that
   *     leads out of the folder
   */
  static List<String> externalFiles(byte[] bytes, LoadOptions options) {
    return ModelReader.externalFiles(bytes, options);
  }

  Signature signature();

  /** For each output the names of the inputs that it depends on. */
  Map<String, Set<String>> inputsByOutput();

  /** What the file says of itself. */
  ModelInfo info();

  Batching batching();

  /** Name of the kernel set, e.g. {@code simd-512}. */
  String kernels();

  /** Bytes of constants, packed ones included. */
  long weightBytes();

  /** All there is to say of the model. */
  ModelSummary summary();

  /** A session that runs on the caller's thread. */
  Session newSession();

  /**
   * A session in which up to {@code threads} threads, the caller's included, share the rows of a
   * run, where rows are independent; the results are the same. The others are started when they are
   * needed and end with the session.
   *
   * @param threads at least 1; each has a workspace of its own
   */
  Session newSession(int threads);

  /** A session that tells of every step it ran. */
  Session newSession(StepObserver observer);

  @Override
  void close();
}
