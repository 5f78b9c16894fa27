package io.sparkonnx.engine.kernel.opencl;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.List;

/** The one program of all kernels: resources joined, the functions' numbers in front. */
final class KernelSource {
  private static final List<String> FILES =
      List.of(
          "constants.cl",
          "functions.cl",
          "double.cl",
          "elementwise.cl",
          "product.cl",
          "window.cl",
          "rows.cl",
          "tree.cl",
          "movement.cl",
          "features.cl",
          "reduce.cl",
          "norm.cl");

  static final ProgramSource SOURCE = new ProgramSource("kernels", text());

  private KernelSource() {}

  private static String text() {
    StringBuilder text = new StringBuilder();
    define(text, "UNARY_", UnaryFunction.values());
    define(text, "BINARY_", BinaryFunction.values());
    define(text, "REDUCE_", ReduceFunction.values());
    define(text, "BIAS_", BiasAxis.values());
    define(text, "NORM_", FeatureKernels.Norm.values());
    define(text, "PADDING_", MovementKernels.Padding.values());
    define(text, "TREE_", Mode.values());
    define(text, "TREES_", Aggregation.values());
    FILES.forEach(file -> text.append(read(file)));
    return text.toString();
  }

  private static void define(StringBuilder text, String prefix, Enum<?>[] values) {
    for (Enum<?> value : values) {
      text.append("#define ").append(prefix).append(value.name()).append(' ');
      text.append(value.ordinal()).append('\n');
    }
  }

  private static String read(String file) {
    try (InputStream in = KernelSource.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
