package io.sparkonnx.engine.op.reduce;

/**
 * The elements of each set of a reduction: output {@code o} takes runs {@code 0…runs−1}, each of
 * {@code runLength} elements {@code stride} apart, in row-major order of the reduced axes.
 */
final class ReductionLoop {
  private final int[] dims;
  private final int[] strides;
  private final boolean[] reduced;
  private final int outputs;
  private final int count;
  private final int runAxis;

  private ReductionLoop(int[] dims, int[] strides, boolean[] reduced) {
    this.dims = dims;
    this.strides = strides;
    this.reduced = reduced;
    int innermost = -1;
    int kept = 1;
    int gone = 1;
    for (int i = 0; i < dims.length; i++) {
      if (reduced[i]) {
        innermost = i;
        gone *= dims[i];
      } else {
        kept *= dims[i];
      }
    }
    this.runAxis = innermost;
    this.outputs = kept;
    this.count = gone;
  }

  static ReductionLoop of(int[] dims, boolean[] reduced) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return new ReductionLoop(dims, strides, reduced);
  }

  int outputs() {
    return outputs;
  }

  /** Elements of each set. */
  int count() {
    return count;
  }

  int runLength() {
    return runAxis < 0 ? 1 : dims[runAxis];
  }

  int runs() {
    return count == 0 ? 0 : count / runLength();
  }

  int stride() {
    return runAxis < 0 ? 1 : strides[runAxis];
  }

  /** Index of the first element of an output's set. */
  int base(int output) {
    return offset(output, false, dims.length);
  }

  /** What to add to the base for the first element of a run. */
  int runOffset(int run) {
    return run == 0 ? 0 : offset(run, true, runAxis);
  }

  private int offset(int index, boolean along, int before) {
    int rest = index;
    int offset = 0;
    for (int i = before - 1; i >= 0 && rest > 0; i--) {
      if (reduced[i] == along) {
        offset += rest % dims[i] * strides[i];
        rest /= dims[i];
      }
    }
    return offset;
  }
}
