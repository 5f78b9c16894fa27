package io.sparkonnx.engine;

import io.sparkonnx.engine.device.DeviceTarget;
import java.nio.file.Path;
import java.util.Set;

/**
 * How a model is loaded.
 *
 * @param optimize whether the graph is rewritten for speed
 * @param kernels {@code auto}, {@code scalar} or {@code simd}
 * @param externalData where external tensor data may come from; null for nowhere
 * @param limits bounds checked before anything is allocated
 * @param optionalInputs inputs with a default in the model that a run may give; all others keep
 *     their defaults and are not in the signature
 * @param byColumns inputs [N, F] that the caller gives by columns: as [F, N], so that a column of a
 *     table is copied in one piece
 * @param outputs outputs that are computed, empty for all; inputs that only others need are not in
 *     the signature
 * @param freeBatch whether a model whose file fixes the batch at 1 takes any number of rows where
 *     these are proven independent; else, and where they are not, it takes one row
 */
public record LoadOptions(
    boolean optimize,
    String kernels,
    ExternalFiles externalData,
    Limits limits,
    Set<String> optionalInputs,
    Set<String> byColumns,
    Set<String> outputs,
    boolean freeBatch,
    DeviceTarget device) {
  public static final LoadOptions DEFAULT =
      new LoadOptions(true, "auto", null, Limits.DEFAULT, Set.of(), Set.of(), Set.of(), true, null);

  public LoadOptions {
    optionalInputs = Set.copyOf(optionalInputs);
    byColumns = Set.copyOf(byColumns);
    outputs = Set.copyOf(outputs);
  }

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
    return new LoadOptions(
        value,
        kernels,
        externalData,
        limits,
        optionalInputs,
        byColumns,
        outputs,
        freeBatch,
        device);
  }

  public LoadOptions withKernels(String value) {
    return new LoadOptions(
        optimize,
        value,
        externalData,
        limits,
        optionalInputs,
        byColumns,
        outputs,
        freeBatch,
        device);
  }

  public LoadOptions withExternalData(ExternalFiles files) {
    return new LoadOptions(
        optimize, kernels, files, limits, optionalInputs, byColumns, outputs, freeBatch, device);
  }

  /** External data may come from a folder and its subfolders. */
  public LoadOptions withExternalData(Path folder) {
    return withExternalData(ExternalFiles.in(folder));
  }

  public LoadOptions withLimits(Limits value) {
    return new LoadOptions(
        optimize,
        kernels,
        externalData,
        value,
        optionalInputs,
        byColumns,
        outputs,
        freeBatch,
        device);
  }

  public LoadOptions withOptionalInputs(String... names) {
    return new LoadOptions(
        optimize,
        kernels,
        externalData,
        limits,
        Set.of(names),
        byColumns,
        outputs,
        freeBatch,
        device);
  }

  public LoadOptions withByColumns(String... names) {
    return new LoadOptions(
        optimize,
        kernels,
        externalData,
        limits,
        optionalInputs,
        Set.of(names),
        outputs,
        freeBatch,
        device);
  }

  public LoadOptions withOutputs(Set<String> names) {
    return new LoadOptions(
        optimize,
        kernels,
        externalData,
        limits,
        optionalInputs,
        byColumns,
        names,
        freeBatch,
        device);
  }

  public LoadOptions withFreeBatch(boolean value) {
    return new LoadOptions(
        optimize, kernels, externalData, limits, optionalInputs, byColumns, outputs, value, device);
  }

  /** Steps that have a form on the device run there. */
  public LoadOptions withDevice(DeviceTarget target) {
    return new LoadOptions(
        optimize,
        kernels,
        externalData,
        limits,
        optionalInputs,
        byColumns,
        outputs,
        freeBatch,
        target);
  }
}
