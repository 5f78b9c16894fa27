package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Copies a box of elements between two arrays of one kind, each walked with its own stride along
 * every axis: the one primitive behind transposing, slicing, concatenating, expanding and tiling.
 * Strides count elements and may be zero or negative on the side that is read. The arrays must be
 * different ones, or the boxes apart. Immutable: one serves all arrays of the same layout.
 */
public final class StridedCopy {
  private static final int TILE_ROWS = 8;
  private static final int TILE_COLUMNS = 32;
  private static final int SHORT_RUN = 8;

  private final ElementType.Storage storage;
  private final int[] dims;
  private final int[] fromStrides;
  private final int[] toStrides;
  private final boolean empty;
  private int rank;

  /**
   * The copy of {@code from[Σ i·fromStrides]} to {@code to[Σ i·toStrides]} for every index i of a
   * box of shape {@code dims}.
   *
   * @param type the type of the elements; not STRING
   */
  StridedCopy(ElementType type, int[] dims, int[] fromStrides, int[] toStrides) {
    this.storage = type.storage();
    this.dims = new int[dims.length + 1];
    this.fromStrides = new int[dims.length + 1];
    this.toStrides = new int[dims.length + 1];
    this.empty = Tensor.sizeOf(dims) == 0;
    int width = type.width();
    for (int i = 0; i < dims.length; i++) {
      addAxis(dims[i], fromStrides[i] * width, toStrides[i] * width);
    }
    addAxis(width, 1, 1);
    if (rank > 1 && !isOfRuns()) {
      moveToSecondLast(nearestAxis());
    }
  }

  /**
   * Copies {@code from[fromOffset + Σ i·fromStrides]} to {@code to[toOffset + Σ i·toStrides]} for
   * every index i of a box of shape {@code dims}.
   *
   * @param type the type of the elements; not STRING
   * @param fromOffset array index of the first element read
   * @param toOffset array index of the first element written
   */
  public static void copy(
      ElementType type,
      int[] dims,
      Object from,
      int fromOffset,
      int[] fromStrides,
      Object to,
      int toOffset,
      int[] toStrides) {
    new StridedCopy(type, dims, fromStrides, toStrides).run(from, fromOffset, to, toOffset);
  }

  /** Strides of a row-major shape. */
  public static int[] strides(int... dims) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  private void addAxis(int dim, int fromStride, int toStride) {
    if (dim == 1) {
      return;
    }
    int last = rank - 1;
    if (rank > 0 && fromStrides[last] == fromStride * dim && toStrides[last] == toStride * dim) {
      dims[last] *= dim;
      fromStrides[last] = fromStride;
      toStrides[last] = toStride;
      return;
    }
    dims[rank] = dim;
    fromStrides[rank] = fromStride;
    toStrides[rank] = toStride;
    rank++;
  }

  /** Whether the innermost elements lie side by side in both arrays, enough for one call. */
  private boolean isOfRuns() {
    int last = rank - 1;
    return fromStrides[last] == 1 && toStrides[last] == 1 && (dims[last] >= SHORT_RUN || rank == 1);
  }

  /**
   * Copies between two arrays.
   *
   * @param fromOffset array index of the first element read
   * @param toOffset array index of the first element written
   */
  void run(Object from, int fromOffset, Object to, int toOffset) {
    if (empty) {
      return;
    }
    if (rank == 0) {
      System.arraycopy(from, fromOffset, to, toOffset, 1);
    } else if (isOfRuns()) {
      walkRuns(0, from, fromOffset, to, toOffset);
    } else {
      walkPlanes(0, from, fromOffset, to, toOffset);
    }
  }

  /** The axis before the last along which the elements read lie closest together. */
  private int nearestAxis() {
    int best = rank - 2;
    for (int i = rank - 3; i >= 0; i--) {
      int stride = Math.abs(fromStrides[i]);
      if (stride != 0 && stride < Math.abs(fromStrides[best])) {
        best = i;
      }
    }
    return best;
  }

  private void moveToSecondLast(int axis) {
    for (int[] row : new int[][] {dims, fromStrides, toStrides}) {
      int moved = row[axis];
      System.arraycopy(row, axis + 1, row, axis, rank - 2 - axis);
      row[rank - 2] = moved;
    }
  }

  private void walkRuns(int axis, Object from, int fromAt, Object to, int toAt) {
    if (axis == rank - 1) {
      System.arraycopy(from, fromAt, to, toAt, dims[axis]);
      return;
    }
    for (int i = 0; i < dims[axis]; i++) {
      walkRuns(axis + 1, from, fromAt + i * fromStrides[axis], to, toAt + i * toStrides[axis]);
    }
  }

  private void walkPlanes(int axis, Object from, int fromAt, Object to, int toAt) {
    if (axis == Math.max(0, rank - 2)) {
      plane(from, fromAt, to, toAt);
      return;
    }
    for (int i = 0; i < dims[axis]; i++) {
      walkPlanes(axis + 1, from, fromAt + i * fromStrides[axis], to, toAt + i * toStrides[axis]);
    }
  }

  /** The two innermost axes, in tiles when reading and writing run along different ones. */
  private void plane(Object from, int fromAt, Object to, int toAt) {
    int columns = rank - 1;
    if (rank == 1) {
      block(from, fromAt, to, toAt, 1, dims[0]);
      return;
    }
    int rows = rank - 2;
    boolean crossed = Math.abs(fromStrides[rows]) < Math.abs(fromStrides[columns]);
    int high = crossed ? TILE_ROWS : dims[rows];
    int wide = crossed ? TILE_COLUMNS : dims[columns];
    for (int r = 0; r < dims[rows]; r += high) {
      for (int c = 0; c < dims[columns]; c += wide) {
        block(
            from,
            fromAt + r * fromStrides[rows] + c * fromStrides[columns],
            to,
            toAt + r * toStrides[rows] + c * toStrides[columns],
            Math.min(high, dims[rows] - r),
            Math.min(wide, dims[columns] - c));
      }
    }
  }

  private void block(Object from, int f, Object to, int t, int rows, int cols) {
    int fc = fromStrides[rank - 1];
    int tc = toStrides[rank - 1];
    int fr = rank > 1 ? fromStrides[rank - 2] : 0;
    int tr = rank > 1 ? toStrides[rank - 2] : 0;
    switch (storage) {
      case FLOAT -> {
        int crossed = fr == 1 && tc == 1 ? rows - rows % 4 : 0;
        crossed((float[]) from, f, fc, (float[]) to, t, tr, crossed, cols);
        floats(
            (float[]) from,
            f + crossed * fr,
            fr,
            fc,
            (float[]) to,
            t + crossed * tr,
            tr,
            tc,
            rows - crossed,
            cols);
      }
      case DOUBLE -> doubles((double[]) from, f, fr, fc, (double[]) to, t, tr, tc, rows, cols);
      case INT -> ints((int[]) from, f, fr, fc, (int[]) to, t, tr, tc, rows, cols);
      case LONG -> longs((long[]) from, f, fr, fc, (long[]) to, t, tr, tc, rows, cols);
      case SHORT -> shorts((short[]) from, f, fr, fc, (short[]) to, t, tr, tc, rows, cols);
      case BYTE -> bytes((byte[]) from, f, fr, fc, (byte[]) to, t, tr, tc, rows, cols);
      case STRING -> throw new IllegalArgumentException("strings move as indices");
    }
  }

  /** Reads down four neighbouring columns and writes along four rows, a multiple of four rows. */
  private static void crossed(
      float[] from, int f, int fc, float[] to, int t, int tr, int rows, int cols) {
    for (int r = 0; r < rows; r += 4) {
      int read = f + r;
      int first = t + r * tr;
      int second = first + tr;
      int third = second + tr;
      int fourth = third + tr;
      for (int c = 0; c < cols; c++) {
        to[first + c] = from[read];
        to[second + c] = from[read + 1];
        to[third + c] = from[read + 2];
        to[fourth + c] = from[read + 3];
        read += fc;
      }
    }
  }

  private static void floats(
      float[] from, int f, int fr, int fc, float[] to, int t, int tr, int tc, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      int read = f + r * fr;
      int write = t + r * tr;
      for (int c = 0; c < cols; c++) {
        to[write + c * tc] = from[read + c * fc];
      }
    }
  }

  private static void doubles(
      double[] from,
      int f,
      int fr,
      int fc,
      double[] to,
      int t,
      int tr,
      int tc,
      int rows,
      int cols) {
    for (int r = 0; r < rows; r++) {
      int read = f + r * fr;
      int write = t + r * tr;
      for (int c = 0; c < cols; c++) {
        to[write + c * tc] = from[read + c * fc];
      }
    }
  }

  private static void ints(
      int[] from, int f, int fr, int fc, int[] to, int t, int tr, int tc, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      int read = f + r * fr;
      int write = t + r * tr;
      for (int c = 0; c < cols; c++) {
        to[write + c * tc] = from[read + c * fc];
      }
    }
  }

  private static void longs(
      long[] from, int f, int fr, int fc, long[] to, int t, int tr, int tc, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      int read = f + r * fr;
      int write = t + r * tr;
      for (int c = 0; c < cols; c++) {
        to[write + c * tc] = from[read + c * fc];
      }
    }
  }

  private static void shorts(
      short[] from, int f, int fr, int fc, short[] to, int t, int tr, int tc, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      int read = f + r * fr;
      int write = t + r * tr;
      for (int c = 0; c < cols; c++) {
        to[write + c * tc] = from[read + c * fc];
      }
    }
  }

  private static void bytes(
      byte[] from, int f, int fr, int fc, byte[] to, int t, int tr, int tc, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      int read = f + r * fr;
      int write = t + r * tr;
      for (int c = 0; c < cols; c++) {
        to[write + c * tc] = from[read + c * fc];
      }
    }
  }
}
