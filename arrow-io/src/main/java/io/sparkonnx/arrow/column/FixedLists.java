package io.sparkonnx.arrow.column;

/**
 * Lists of one length: row i holds the elements from {@code i * size}. A NULL row holds {@code
 * size} elements too.
 *
 * @param size elements of each row
 * @param elements the elements of all rows, {@code N * size}
 * @param nulls the rows that are NULL
 */
public record FixedLists(int size, Column elements, RowMask nulls) implements Column {
  /** Checks the number of elements. */
  public FixedLists {
    if (size < 0 || elements.rows() != (long) nulls.rows() * size) {
      throw new IllegalArgumentException(
          nulls.rows() + " lists of " + size + " cannot have " + elements.rows() + " elements");
    }
  }

  @Override
  public FixedLists gather(int[] rows) {
    int[] indices = new int[Math.multiplyExact(rows.length, size)];
    for (int i = 0; i < rows.length; i++) {
      for (int e = 0; e < size; e++) {
        indices[i * size + e] = rows[i] < 0 ? -1 : rows[i] * size + e;
      }
    }
    return new FixedLists(size, elements.gather(indices), nulls.gather(rows));
  }
}
