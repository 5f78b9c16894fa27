package io.sparkonnx.arrow.column;

import java.util.BitSet;
import java.util.Objects;

/** Some of {@code rows} rows, such as those that are NULL. Immutable. */
public final class RowMask {
  private final int rows;
  private final BitSet marked;

  private RowMask(int rows, BitSet marked) {
    this.rows = rows;
    this.marked = marked;
  }

  /** No row of {@code rows}. */
  public static RowMask none(int rows) {
    return new RowMask(rows, new BitSet());
  }

  /** Every row of {@code rows}. */
  public static RowMask all(int rows) {
    BitSet marked = new BitSet(rows);
    marked.set(0, rows);
    return new RowMask(rows, marked);
  }

  /** The rows whose bits are set. */
  public static RowMask of(int rows, BitSet marked) {
    if (marked.length() > rows) {
      throw new IllegalArgumentException(
          "row " + (marked.length() - 1) + " is marked, but there are " + rows + " rows");
    }
    return new RowMask(rows, (BitSet) marked.clone());
  }

  public int rows() {
    return rows;
  }

  public boolean contains(int row) {
    return marked.get(Objects.checkIndex(row, rows));
  }

  public boolean isEmpty() {
    return marked.isEmpty();
  }

  /** How many rows are marked. */
  public int count() {
    return marked.cardinality();
  }

  /** The first marked row at or after {@code row}, or -1. */
  public int next(int row) {
    return marked.nextSetBit(row);
  }

  /** The rows that are marked here or there. */
  public RowMask or(RowMask other) {
    if (other.rows != rows) {
      throw new IllegalArgumentException(rows + " rows cannot be joined with " + other.rows);
    }
    BitSet both = (BitSet) marked.clone();
    both.or(other.marked);
    return new RowMask(rows, both);
  }

  /** Row i of the result is row {@code indices[i]} of this mask; a negative index is marked. */
  public RowMask gather(int[] indices) {
    BitSet gathered = new BitSet(indices.length);
    for (int i = 0; i < indices.length; i++) {
      gathered.set(i, indices[i] < 0 || marked.get(indices[i]));
    }
    return new RowMask(indices.length, gathered);
  }

  /** A copy of the marks. */
  public BitSet toBitSet() {
    return (BitSet) marked.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowMask mask && mask.rows == rows && mask.marked.equals(marked);
  }

  @Override
  public int hashCode() {
    return 31 * rows + marked.hashCode();
  }

  @Override
  public String toString() {
    return marked + " of " + rows;
  }
}
