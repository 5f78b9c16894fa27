package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.ProgramSource;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A kernel written for one function of the elements of broadcast operands, each of a type of its
 * own:
 *
 * <pre>
 * kernel void element(
 *     global const long *x0, int o0, int s00, int s01, int s02, int s03,
 *     global uchar *y, int yo, int d1, int d2, int d3, int n) {
 *   …
 *   long v0 = x0[o0 + i0 * s00 + i1 * s01 + i2 * s02 + i3 * s03];
 *   y[yo + i] = v0 != 0;
 * }
 * </pre>
 *
 * A device builds it once for all steps of the same function and types.
 */
public final class ElementKernel {
  private static final int AXES = 4;

  private final int operands;
  private final ProgramSource source;

  /**
   * An operand's elements.
   *
   * @param array where they are
   * @param strides their distance along four axes; 0 repeats them
   */
  public record Operand(DeviceArray array, int[] strides) {}

  /**
   * @param expression in OpenCL C, of the operands' elements v0, v1, …
   * @param operands their types
   * @param result the type it is converted to
   */
  public ElementKernel(String expression, List<ElementType> operands, ElementType result) {
    this.operands = operands.size();
    String types = operands.stream().map(ElementKernel::name).collect(Collectors.joining(", "));
    this.source =
        new ProgramSource(
            expression + " of " + types + " as " + name(result),
            text(expression, operands, result));
  }

  /** Whether kernels have elements of this type. */
  public static boolean takes(ElementType type) {
    return name(type) != null;
  }

  /** OpenCL's name of a type, or null. */
  public static String name(ElementType type) {
    return switch (type) {
      case FLOAT -> "float";
      case INT64 -> "long";
      case INT32 -> "int";
      case INT8 -> "char";
      case UINT8, BOOL -> "uchar";
      default -> null;
    };
  }

  /**
   * @param y contiguous
   * @param dims lengths of y's four axes
   */
  public void run(DeviceQueue queue, List<Operand> from, DeviceArray y, int[] dims) {
    if (from.size() != operands) {
      throw new IllegalArgumentException(from.size() + " operands, expected " + operands);
    }
    int items = Arrays.stream(dims).reduce(1, Math::multiplyExact);
    List<Object> arguments = new ArrayList<>();
    for (Operand operand : from) {
      arguments.add(operand.array().buffer());
      arguments.add(operand.array().offset());
      Arrays.stream(operand.strides()).forEach(arguments::add);
    }
    arguments.addAll(List.of(y.buffer(), y.offset(), dims[1], dims[2], dims[3], items));
    Launch.line(queue, source, "element", items, arguments.toArray());
  }

  private static String text(String expression, List<ElementType> operands, ElementType result) {
    StringBuilder head = new StringBuilder("kernel void element(");
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < operands.size(); i++) {
      String type = name(operands.get(i));
      head.append(line("global const %s *x%d, int o%d", type, i, i));
      body.append(line("  %s v%d = x%d[o%d", type, i, i, i));
      for (int axis = 0; axis < AXES; axis++) {
        head.append(line(", int s%d%d", i, axis));
        body.append(line(" + i%d * s%d%d", axis, i, axis));
      }
      head.append(",\n    ");
      body.append("];\n");
    }
    return head
        + line("global %s *y, int yo, int d1, int d2, int d3, int n) {\n", name(result))
        + "  int i = get_global_id(0);\n  if (i >= n) return;\n"
        + "  int i3 = i % d3;\n  int r = i / d3;\n  int i2 = r % d2;\n  r /= d2;\n"
        + "  int i1 = r % d1;\n  int i0 = r / d1;\n"
        + body
        + line("  y[yo + i] = %s;\n}\n", expression);
  }

  private static String line(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
