package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.InputSlot;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;

/**
 * A row's elements from as many columns, column by column, for a model that takes the input so: its
 * tensors are [columns, rows].
 */
final class ColumnsBuffer extends ScalarBuffer {
  private int rows;
  private Tensor part;
  private long moved;

  ColumnsBuffer(InputSlot slot, List<DataType> arguments) {
    super(slot, arguments, bytes -> {});
  }

  /** Inputs of a call that are filled column by column where columns come. */
  static Set<String> inputs(BoundCall call) {
    if (call.rowByRow() || call.coupled()) {
      return Set.of();
    }
    return call.inputs().stream()
        .filter(ColumnsBuffer::fits)
        .map(InputSlot::input)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether a slot can be filled column by column: a matrix put together from columns, which the
   * model does not give back as it is.
   */
  private static boolean fits(InputSlot slot) {
    return slot.arguments() > 1
        && !slot.isOutput()
        && slot.rowDims().size() == 1
        && slot.element().storage() != ElementType.Storage.STRING;
  }

  @Override
  void reserve(int newRows) {
    rows = newRows;
    super.reserve(newRows);
  }

  @Override
  int index(int row, int argument) {
    return argument * rows + row;
  }

  @Override
  int rowStride() {
    return 1;
  }

  @Override
  int argumentStride() {
    return rows;
  }

  @Override
  long movedBytes() {
    return moved + store.movedBytes();
  }

  /** The rows in place where they are all that was reserved for, else copied. */
  @Override
  Tensor tensor(int from, int to) {
    if (to - from == rows) {
      return store.tensor(0, width, rows);
    }
    int count = to - from;
    Tensor all = store.tensor(0, width, rows);
    if (part == null || part.size() != width * count) {
      part = Tensor.allocate(all.type(), width, count);
    }
    moved += store.bytes(width * count);
    for (int argument = 0; argument < width; argument++) {
      int at = all.offset() + index(from, argument);
      System.arraycopy(all.array(), at, part.array(), argument * count, count);
    }
    return part;
  }

  @Override
  Tensor picked(RowRun run) {
    int[] firsts = new int[width * run.rows()];
    Arrays.setAll(firsts, i -> index(run.row(i % run.rows()), i / run.rows()));
    int[] lengths = new int[firsts.length];
    Arrays.fill(lengths, 1);
    return store.pieces(firsts, lengths, 1, width, run.rows());
  }
}
