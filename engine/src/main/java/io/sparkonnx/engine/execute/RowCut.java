package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.Arrays;

/** How runs of a plan are cut into blocks of rows. */
final class RowCut {
  /** Intermediate bytes of one block: half of a common second-level cache. */
  static final long BLOCK_BYTES = 512 << 10;

  private static final int MAX_BLOCK_ROWS = 4096;

  /** Blocks have a multiple of so many rows: two vectors, as wide as kernels are. */
  static final int ROW_STEP = 32;

  private final Plan plan;
  private final int[] axes;
  private final int[] symbols;

  RowCut(Plan plan) {
    this.plan = plan;
    this.axes = new int[plan.inputs().length];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = plan.batching().inputAxes().getOrDefault(slot(i).name(), -1);
    }
    this.symbols = rowSymbols();
  }

  private Slot slot(int input) {
    return plan.slots().get(plan.inputs()[input]);
  }

  private TensorType type(int input) {
    return (TensorType) slot(input).info().type();
  }

  private int[] rowSymbols() {
    boolean cuttable =
        plan.batching().rowsAreIndependent()
            && plan.batching().outputAxes().values().stream().allMatch(axis -> axis == 0);
    int[] found = new int[axes.length];
    int count = 0;
    for (int i = 0; cuttable && i < axes.length; i++) {
      cuttable = axes[i] <= 0 || (axes[i] == 1 && type(i).shape().rank() == 2);
      if (cuttable && axes[i] >= 0) {
        found[count++] = plan.symbols().indexOf(type(i).shape().dim(axes[i]).symbolName());
      }
    }
    return cuttable ? Arrays.stream(found, 0, count).distinct().toArray() : new int[0];
  }

  /** Whether the dimension at {@code symbol} counts rows, of runs that cannot be cut too. */
  boolean countsRows(int symbol) {
    Dim wanted = Dim.symbol(plan.symbols().get(symbol));
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] >= 0 && type(i).shape().dim(axes[i]).equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Indices of the symbols that count rows; empty where a run cannot be cut. */
  int[] symbols() {
    return symbols;
  }

  /** The axis of an input that counts rows: 0, 1 for a matrix held by columns, −1 for none. */
  int axis(int input) {
    return axes[input];
  }

  /** The number of rows that all batch inputs have, or 1 where the run cannot be cut. */
  int rows(OnnxValue[] inputs) {
    if (symbols.length == 0) {
      return 1;
    }
    int rows = -1;
    for (int i = 0; i < inputs.length; i++) {
      if (axes[i] >= 0) {
        int these = ((Tensor) inputs[i]).dim(axes[i]);
        if (rows >= 0 && rows != these) {
          return 1;
        }
        rows = these;
      }
    }
    return rows;
  }

  /**
   * Rows of a block, so that every thread has blocks where there are rows enough.
   *
   * @param stepBytes bytes of {@link #ROW_STEP} rows
   * @param allowed bytes of a block
   */
  static int blockRows(long stepBytes, long allowed, int total, int threads) {
    long fitting = stepBytes == 0 ? MAX_BLOCK_ROWS : allowed * ROW_STEP / stepBytes;
    long share = threads == 1 ? total : (total - 1) / threads + 1;
    int rows = (int) Math.max(1, Math.min(Math.min(MAX_BLOCK_ROWS, fitting), share));
    int whole = rows >= ROW_STEP && rows < total ? rows / ROW_STEP * ROW_STEP : rows;
    return Math.min(total, whole);
  }
}
