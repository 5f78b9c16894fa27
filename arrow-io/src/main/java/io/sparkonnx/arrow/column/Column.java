package io.sparkonnx.arrow.column;

/**
 * Rows of one column. What a row holds where {@link #nulls()} marks it means nothing: what becomes
 * of a NULL is the caller's decision.
 */
public sealed interface Column permits Elements, FixedLists, Lists, Structs, Maps {
  /** The rows that are NULL. */
  RowMask nulls();

  /**
   * The rows {@code rows[0]}, {@code rows[1]}, … of this column, copied. A negative index gives
   * NULL.
   */
  Column gather(int[] rows);

  /** Number of rows. */
  default int rows() {
    return nulls().rows();
  }
}
