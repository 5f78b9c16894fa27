package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Locale;

/** Fills padded tensors. */
final class Padding {
  /** Where new elements come from. */
  enum Mode {
    CONSTANT,
    REFLECT,
    EDGE,
    WRAP;

    /** The mode that ONNX calls so, or null. */
    static Mode named(String name) {
      for (Mode mode : values()) {
        if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
          return mode;
        }
      }
      return null;
    }
  }

  private final Tensor input;
  private final Tensor output;
  private final int[] inputStrides;
  private final int[] outputStrides;
  private final int[][] sources;

  private Padding(Tensor input, Tensor output, int[][] sources) {
    this.input = input;
    this.output = output;
    this.sources = sources;
    this.inputStrides = StridedCopy.strides(input.dims());
    this.outputStrides = StridedCopy.strides(output.dims());
  }

  /**
   * @param begins elements to add before each axis; negative ones are taken away
   * @param value one element
   */
  static void withConstant(Tensor input, int[] begins, int[] ends, Tensor value, Tensor output) {
    Fill.with(output, value);
    int[] dims = input.dims();
    int[] inputStrides = StridedCopy.strides(dims);
    int[] outputStrides = StridedCopy.strides(output.dims());
    int from = 0;
    int to = 0;
    for (int i = 0; i < dims.length; i++) {
      from += Math.max(0, -begins[i]) * inputStrides[i];
      to += Math.max(0, begins[i]) * outputStrides[i];
      dims[i] = Math.max(0, dims[i] + Math.min(0, begins[i]) + Math.min(0, ends[i]));
    }
    int width = input.type().width();
    StridedCopy.copy(
        input.type(),
        dims,
        input.array(),
        input.offset() + from * width,
        inputStrides,
        output.array(),
        output.offset() + to * width,
        outputStrides);
  }

  /** As above, with elements of the input that remain after negative pads. */
  static void withElements(
      StepContext context, Tensor input, int[] begins, int[] ends, Mode mode, Tensor output) {
    if (output.size() == 0) {
      return;
    }
    int[][] sources = new int[input.rank()][];
    for (int i = 0; i < sources.length; i++) {
      int first = Math.max(0, -begins[i]);
      int kept = input.dim(i) + Math.min(0, begins[i]) + Math.min(0, ends[i]);
      if (kept <= 0) {
        throw context.error("axis " + i + " of " + input.dimsString() + " has nothing to pad with");
      }
      sources[i] = new int[output.dim(i)];
      for (int j = 0; j < sources[i].length; j++) {
        sources[i][j] = first + source(j - Math.max(0, begins[i]), kept, mode);
      }
    }
    new Padding(input, output, sources).walk(0, 0, 0);
  }

  private static int source(int index, int length, Mode mode) {
    return switch (mode) {
      case EDGE -> Math.max(0, Math.min(index, length - 1));
      case WRAP -> Math.floorMod(index, length);
      case REFLECT, CONSTANT -> {
        if (length == 1) {
          yield 0;
        }
        int phase = Math.floorMod(index, 2 * (length - 1));
        yield phase < length ? phase : 2 * (length - 1) - phase;
      }
    };
  }

  private void walk(int axis, int from, int to) {
    int width = input.type().width();
    if (axis >= sources.length - 1) {
      Runs.gather(
          input.type(),
          input.array(),
          input.offset() + from * width,
          axis < sources.length ? sources[axis] : new int[1],
          axis < sources.length ? output.dim(axis) : 1,
          1,
          output.array(),
          output.offset() + to * width);
      return;
    }
    for (int i = 0; i < output.dim(axis); i++) {
      walk(axis + 1, from + sources[axis][i] * inputStrides[axis], to + i * outputStrides[axis]);
    }
  }
}
