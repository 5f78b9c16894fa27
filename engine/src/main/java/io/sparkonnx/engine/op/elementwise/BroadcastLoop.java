package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.op.StepContext;
import java.util.Arrays;

/**
 * The loop nest over operands broadcast to a common shape (ONNX Broadcasting). Axes of length 1 are
 * dropped and neighbours are merged where every operand allows it, so the innermost run is as long
 * as can be: operands of one shape, and scalars, make a single run.
 */
public final class BroadcastLoop {
  private final int[] dims;
  private final int[][] strides;
  private final int rank;
  private final int size;

  private BroadcastLoop(int[] dims, int[][] strides, int rank, int size) {
    this.dims = dims;
    this.strides = strides;
    this.rank = rank;
    this.size = size;
  }

  /**
   * The nest for operands of shapes {@code operands} broadcast to {@code common}, aligned at the
   * last axis.
   *
   * @throws io.sparkonnx.engine.OnnxException if an operand does not broadcast to the shape
   */
  public static BroadcastLoop of(StepContext context, int[] common, int[]... operands) {
    int[][] full = new int[operands.length][];
    for (int k = 0; k < operands.length; k++) {
      full[k] = strides(context, common, operands[k]);
    }
    int[] dims = new int[Math.max(1, common.length)];
    int[][] strides = new int[operands.length][dims.length];
    int rank = 0;
    int size = 1;
    for (int axis = 0; axis < common.length; axis++) {
      size *= common[axis];
      if (common[axis] == 1) {
        continue;
      }
      boolean merge = rank > 0;
      for (int k = 0; merge && k < operands.length; k++) {
        merge = strides[k][rank - 1] == full[k][axis] * common[axis];
      }
      if (merge) {
        dims[rank - 1] *= common[axis];
      } else {
        dims[rank++] = common[axis];
      }
      for (int k = 0; k < operands.length; k++) {
        strides[k][rank - 1] = full[k][axis];
      }
    }
    if (rank == 0) {
      dims[0] = 1;
      rank = 1;
    }
    return new BroadcastLoop(dims, strides, rank, size);
  }

  private static int[] strides(StepContext context, int[] common, int[] operand) {
    int[] strides = new int[common.length];
    int missing = common.length - operand.length;
    int stride = 1;
    for (int axis = common.length - 1; axis >= missing && missing >= 0; axis--) {
      int length = operand[axis - missing];
      if (length != 1) {
        if (length != common[axis]) {
          throw mismatch(context, common, operand);
        }
        strides[axis] = stride;
        stride *= length;
      }
    }
    if (missing < 0) {
      throw mismatch(context, common, operand);
    }
    return strides;
  }

  private static RuntimeException mismatch(StepContext context, int[] common, int[] operand) {
    return context.error(
        "an input of shape "
            + Arrays.toString(operand)
            + " does not broadcast to "
            + Arrays.toString(common));
  }

  /** Number of elements of the common shape. */
  public int size() {
    return size;
  }

  /** Length of the innermost run. */
  public int run() {
    return dims[rank - 1];
  }

  /** Whether the operand's elements lie in the order of the common shape, none repeated. */
  boolean isContiguous(int operand) {
    int expected = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      if (strides[operand][axis] != expected) {
        return false;
      }
      expected *= dims[axis];
    }
    return true;
  }

  /** Number of elements of the common shape after which the operand begins again. */
  int period(int operand) {
    int period = size;
    for (int axis = 0; axis < rank && strides[operand][axis] == 0; axis++) {
      period = dims[axis] == 0 ? 0 : period / dims[axis];
    }
    return period;
  }

  /** Where an operand's elements lie, in the order of the common shape, run by run. */
  public Cursor cursor(int operand, int offset) {
    Cursor cursor = cursor(operand);
    cursor.begin(offset);
    return cursor;
  }

  /** A cursor that has to {@link Cursor#begin}. */
  Cursor cursor(int operand) {
    return new Cursor(strides[operand]);
  }

  /** A place in one operand. */
  public final class Cursor {
    private final int[] stride;
    private final int[] index = new int[rank];
    private int source;

    private Cursor(int[] stride) {
      this.stride = stride;
    }

    /** Goes to the first element, which lies at an array index. */
    void begin(int offset) {
      Arrays.fill(index, 0);
      source = offset;
    }

    /** Array index of the present element. */
    public int source() {
      return source;
    }

    /** 1, or 0 where the run repeats one element. */
    public int step() {
      return stride[rank - 1];
    }

    /** Elements from the present one to the end of its run. */
    public int remaining() {
      return dims[rank - 1] - index[rank - 1];
    }

    /** Goes on by {@code count} elements, at most {@link #remaining()}. */
    public void advance(int count) {
      int axis = rank - 1;
      index[axis] += count;
      source += count * stride[axis];
      while (axis > 0 && index[axis] == dims[axis]) {
        source -= dims[axis] * stride[axis];
        index[axis] = 0;
        axis--;
        index[axis]++;
        source += stride[axis];
      }
    }
  }
}
