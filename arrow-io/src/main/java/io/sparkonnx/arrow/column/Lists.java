package io.sparkonnx.arrow.column;

/**
 * Lists of any lengths: row i holds the elements {@code [offsets[i], offsets[i + 1])}.
 *
 * @param offsets N + 1 offsets, ascending from 0 to the number of elements
 * @param elements the elements of all rows
 * @param nulls the rows that are NULL
 */
public record Lists(int[] offsets, Column elements, RowMask nulls) implements Column {
  /** Checks the offsets. */
  public Lists {
    Gathering.checkOffsets(offsets, nulls.rows(), elements.rows());
  }

  @Override
  public Lists gather(int[] rows) {
    int[] gathered = Gathering.offsets(offsets, rows);
    return new Lists(
        gathered, elements.gather(Gathering.elements(offsets, rows, gathered)), nulls.gather(rows));
  }
}
