package io.sparkonnx.engine.kernel.opencl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.ProgramSource;
import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.kernel.UnaryFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The program of all kernels that are not generated: resources joined, numbers in front. */
final class KernelSource {
  private static final List<String> FUNCTIONS =
      List.of("constants.cl", "functions.cl", "double.cl", "elements.cl");

  private static final List<String> KERNELS =
      List.of(
          "elementwise.cl",
          "product.cl",
          "window.cl",
          "rows.cl",
          "tree.cl",
          "movement.cl",
          "resize.cl",
          "features.cl",
          "reduce.cl",
          "norm.cl");

  private static final String ATTENTION_KERNEL = "attention.cl";

  private static final String TILED_KERNELS = "tiles.cl";

  private static final String ELEMENT_FUNCTIONS = numbers() + joined(FUNCTIONS);

  private static final Map<Tiling.Family, ProgramSource> SOURCES =
      Arrays.stream(Tiling.Family.values())
          .collect(Collectors.toMap(family -> family, KernelSource::source));

  private KernelSource() {}

  /** The program for a device. */
  static ProgramSource of(DeviceInfo device) {
    return of(Tiling.Family.of(device));
  }

  /** The program with a family's tilings. */
  static ProgramSource of(Tiling.Family family) {
    return SOURCES.get(family);
  }

  private static ProgramSource source(Tiling.Family family) {
    StringBuilder text = new StringBuilder(ELEMENT_FUNCTIONS + joined(KERNELS));
    for (Tiling tiling : family.tilings()) {
      define(text, "TILE", tiling.tile());
      define(text, "SIDE", tiling.side());
      define(text, "STEP", tiling.step());
      text.append(read(TILED_KERNELS));
    }
    for (int queries : AttentionKernels.QUERIES) {
      define(text, "QUERIES", queries);
      text.append(read(ATTENTION_KERNEL));
    }
    return new ProgramSource("kernels for " + family, text.toString());
  }

  /** What a program of its own starts with: {@code unary}, {@code binary} and all they call. */
  static String elementFunctions() {
    return ELEMENT_FUNCTIONS;
  }

  private static String numbers() {
    StringBuilder text = new StringBuilder();
    define(text, "UNARY_", UnaryFunction.values());
    define(text, "BINARY_", BinaryFunction.values());
    define(text, "REDUCE_", ReduceFunction.values());
    define(text, "BIAS_", BiasAxis.values());
    define(text, "NORM_", FeatureKernels.Norm.values());
    define(text, "PADDING_", MovementKernels.Padding.values());
    define(text, "TREE_", Mode.values());
    define(text, "TREES_", Aggregation.values());
    return text.toString();
  }

  private static String joined(List<String> files) {
    return files.stream().map(KernelSource::read).collect(Collectors.joining());
  }

  private static void define(StringBuilder text, String prefix, Enum<?>[] values) {
    for (Enum<?> value : values) {
      define(text, prefix + value.name(), value.ordinal());
    }
  }

  private static void define(StringBuilder text, String name, int value) {
    text.append("#undef ").append(name).append('\n');
    text.append("#define ").append(name).append(' ').append(value).append('\n');
  }

  private static String read(String file) {
    try (InputStream in = KernelSource.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
