package io.sparkonnx.engine;

import java.nio.file.Path;

/**
 * How a model is loaded.
 *
 * @param optimize whether the graph is rewritten for speed
 * @param kernels {@code auto}, {@code scalar} or {@code simd}
 * @param externalData folder that external tensor data may come from, with its subfolders; null for
 *     none
 * @param limits bounds checked before anything is allocated
 */
public record LoadOptions(boolean optimize, String kernels, Path externalData, Limits limits) {
  public static final LoadOptions DEFAULT = new LoadOptions(true, "auto", null, Limits.DEFAULT);

  /**
   * Bounds on a model.
   *
   * @param modelBytes bytes of the file and of all external data together
   * @param nodes nodes of all graphs together
   * @param depth how deep graphs may be nested
   */
  public record Limits(long modelBytes, int nodes, int depth) {
    public static final Limits DEFAULT = new Limits(64L << 30, 1_000_000, 32);
  }

  public LoadOptions withOptimize(boolean value) {
    return new LoadOptions(value, kernels, externalData, limits);
  }

  public LoadOptions withKernels(String value) {
    return new LoadOptions(optimize, value, externalData, limits);
  }

  public LoadOptions withExternalData(Path folder) {
    return new LoadOptions(optimize, kernels, folder, limits);
  }

  public LoadOptions withLimits(Limits value) {
    return new LoadOptions(optimize, kernels, externalData, value);
  }
}
