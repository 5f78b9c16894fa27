package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.ProgramSource;
import io.sparkonnx.engine.kernel.Chain;
import io.sparkonnx.engine.kernel.Chain.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A kernel written for one {@link Chain}, so that it reads and writes memory once:
 *
 * <pre>
 * kernel void chain(global const float *x0, int o0,
 *     global const float *x1, int o1, int inner1, int length1, global float *y, int yo, int n) {
 *   int i = get_global_id(0);
 *   if (i &gt;= n) return;
 *   float v0 = x0[o0 + i];
 *   float v1 = x1[o1 + i / inner1 % length1];
 *   float v2 = binary(BINARY_ADD, v0, v1);
 *   y[yo + i] = v2;
 * }
 * </pre>
 *
 * A device builds it once for all chains of the same functions and readings.
 */
public final class ChainKernel {
  private final List<Reading> readings;
  private final ProgramSource source;

  /**
   * @param readings how each input is read
   */
  public ChainKernel(Chain chain, List<Reading> readings) {
    this.readings = List.copyOf(readings);
    List<Reading.Kind> kinds = readings.stream().map(Reading::kind).toList();
    String text = KernelSource.elementFunctions() + text(chain, kinds);
    this.source = new ProgramSource(chain.stages() + " of " + kinds, text);
  }

  /**
   * @param dims lengths of the result's axes
   */
  public void run(DeviceQueue queue, List<DeviceArray> inputs, DeviceArray y, int[] dims) {
    int length = 1;
    for (int dim : dims) {
      length = Math.multiplyExact(length, dim);
    }
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < readings.size(); i++) {
      arguments.add(inputs.get(i).buffer());
      arguments.add(inputs.get(i).offset());
      if (readings.get(i).kind() == Reading.Kind.RUN) {
        arguments.add(readings.get(i).inner(dims));
        arguments.add(readings.get(i).length(dims));
      }
    }
    arguments.addAll(List.of(y.buffer(), y.offset(), length));
    Launch.line(queue, source, "chain", length, arguments.toArray());
  }

  private static String text(Chain chain, List<Reading.Kind> kinds) {
    StringBuilder head = new StringBuilder("kernel void chain(");
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < kinds.size(); i++) {
      boolean run = kinds.get(i) == Reading.Kind.RUN;
      String lengths = run ? line(", int inner%1$d, int length%1$d", i) : "";
      head.append(line("global const float *x%1$d, int o%1$d%2$s,\n    ", i, lengths));
      body.append(line("  float v%1$d = x%1$d[o%1$d%2$s];\n", i, index(kinds.get(i), i)));
    }
    for (int i = 0; i < chain.stages().size(); i++) {
      int value = kinds.size() + i;
      body.append(line("  float v%d = %s;\n", value, expression(chain.stages().get(i))));
    }
    int last = kinds.size() + chain.stages().size() - 1;
    return head
        + "global float *y, int yo, int n) {\n"
        + "  int i = get_global_id(0);\n  if (i >= n) return;\n"
        + body
        + line("  y[yo + i] = v%d;\n}\n", last);
  }

  private static String index(Reading.Kind kind, int input) {
    return switch (kind) {
      case SAME -> " + i";
      case ONE -> "";
      case RUN -> line(" + i / inner%1$d %% length%1$d", input);
    };
  }

  private static String expression(Chain.Stage stage) {
    if (stage instanceof Chain.Unary unary) {
      String alpha = literal(unary.alpha());
      return line(
          "unary(UNARY_%s, %s, %s, v%d)", unary.f(), alpha, literal(unary.beta()), unary.x());
    }
    if (stage instanceof Chain.Binary binary) {
      return line("binary(BINARY_%s, v%d, v%d)", binary.f(), binary.a(), binary.b());
    }
    Chain.MultiplyAdd affine = (Chain.MultiplyAdd) stage;
    return line("fma(v%d, v%d, v%d)", affine.x(), affine.factor(), affine.summand());
  }

  private static String literal(float value) {
    return Float.isFinite(value)
        ? Float.toHexString(value) + "f"
        : line("as_float(0x%08x)", Float.floatToRawIntBits(value));
  }

  private static String line(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
