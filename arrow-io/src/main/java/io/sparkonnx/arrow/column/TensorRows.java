package io.sparkonnx.arrow.column;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * A column as one tensor.
 *
 * @param tensor [N], or [N, …] where rows are lists
 * @param nulls the rows that are NULL
 * @param elementNulls NULLs inside the rows: at any level of nesting, by the element's row-major
 *     index
 */
public record TensorRows(Tensor tensor, RowMask nulls, RowMask elementNulls) {
  /**
   * The column's elements as a tensor. Nothing is copied unless lists of any lengths have NULL
   * rows, whose place is then filled.
   *
   * @param name the column's name, for errors
   * @throws OnnxException if rows are ragged, or are structs or maps
   */
  public static TensorRows of(Column column, String name) {
    if (column instanceof Elements elements) {
      return new TensorRows(elements.tensor(), elements.nulls(), elements.nulls());
    }
    if (column instanceof FixedLists lists) {
      return joined(lists, name);
    }
    if (column instanceof Lists lists) {
      return joined(
          new FixedLists(lengthOf(lists, name), filled(lists, name), lists.nulls()), name);
    }
    throw new OnnxException(
        OnnxException.Code.INVALID_INPUT,
        String.format(
            Locale.ROOT,
            "column '%s' is a %s and cannot be one tensor",
            name,
            column instanceof Structs ? "struct" : "map"));
  }

  private static TensorRows joined(FixedLists lists, String name) {
    TensorRows inner = of(lists.elements(), name);
    int[] innerDims = inner.tensor.dims();
    int[] dims = new int[innerDims.length + 1];
    dims[0] = lists.rows();
    dims[1] = lists.size();
    System.arraycopy(innerDims, 1, dims, 2, innerDims.length - 1);
    int size = Tensor.sizeOf(dims);
    RowMask elementNulls = inner.elementNulls;
    elementNulls = elementNulls.or(spread(lists.nulls(), size));
    elementNulls = elementNulls.or(spread(inner.nulls, size));
    return new TensorRows(inner.tensor.reshaped(dims), lists.nulls(), elementNulls);
  }

  /** Marks every element of a marked row. */
  private static RowMask spread(RowMask rows, int size) {
    if (rows.isEmpty()) {
      return RowMask.none(size);
    }
    int width = size / rows.rows();
    BitSet marks = new BitSet(size);
    for (int row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
      marks.set(row * width, (row + 1) * width);
    }
    return RowMask.of(size, marks);
  }

  private static int lengthOf(Lists lists, String name) {
    int[] offsets = lists.offsets();
    int first = -1;
    for (int row = 0; row < lists.rows(); row++) {
      if (lists.nulls().contains(row)) {
        continue;
      }
      int length = offsets[row + 1] - offsets[row];
      if (first >= 0 && length != offsets[first + 1] - offsets[first]) {
        throw new OnnxException(
            OnnxException.Code.INVALID_INPUT,
            String.format(
                Locale.ROOT,
                "column '%s': row %d has %d elements, but row %d has %d",
                name,
                row,
                length,
                first,
                offsets[first + 1] - offsets[first]));
      }
      first = first < 0 ? row : first;
    }
    return first < 0 ? 0 : offsets[first + 1] - offsets[first];
  }

  /** The elements with {@code length} of them for each row, those of NULL rows included. */
  private static Column filled(Lists lists, String name) {
    int length = lengthOf(lists, name);
    int[] offsets = lists.offsets();
    int rows = lists.rows();
    boolean regular = true;
    for (int row = 0; row < rows; row++) {
      regular &= offsets[row + 1] - offsets[row] == length;
    }
    if (regular) {
      return lists.elements();
    }
    int[] indices = new int[Math.multiplyExact(rows, length)];
    Arrays.fill(indices, -1);
    for (int row = 0; row < rows; row++) {
      if (!lists.nulls().contains(row)) {
        for (int e = 0; e < length; e++) {
          indices[row * length + e] = offsets[row] + e;
        }
      }
    }
    return lists.elements().gather(indices);
  }
}
