package io.sparkonnx.spark.exec;

import org.apache.spark.sql.vectorized.ColumnVector;

/** Walks the arrays of a column by their places in the columns of elements. */
final class ColumnCursor implements ArrayCursor {
  private final ArrayLayout[] layouts;
  private final ColumnVector[] columns;
  private final ElementSource values;
  private final ColumnVector elements;
  private final boolean mayHoldNull;
  private final int[] starts;
  private final int[] sizes;

  private ColumnCursor(ColumnVector[] columns, ArrayLayout[] layouts) {
    this.columns = columns;
    this.layouts = layouts;
    this.elements = layouts[layouts.length - 1].elements();
    this.values = ElementSource.of(elements);
    this.mayHoldNull = elements.hasNull();
    this.starts = new int[layouts.length];
    this.sizes = new int[layouts.length];
  }

  /** A cursor over arrays nested {@code depth} times, or null where the layout is not known. */
  static ColumnCursor of(ColumnVector column, int depth) {
    ColumnVector[] columns = new ColumnVector[depth];
    ArrayLayout[] layouts = new ArrayLayout[depth];
    ColumnVector level = column;
    for (int i = 0; i < depth; i++) {
      columns[i] = level;
      layouts[i] = ArrayLayout.of(level);
      if (layouts[i] == null) {
        return null;
      }
      level = layouts[i].elements();
    }
    return new ColumnCursor(columns, layouts);
  }

  /** Goes to a row, which is not null. */
  ColumnCursor row(int row) {
    starts[0] = layouts[0].start(row);
    sizes[0] = layouts[0].size(row);
    return this;
  }

  /** Whether the arrays of some rows have one size and lie one after the other. */
  boolean isDense(int firstRow, int rows, int size) {
    if (layouts.length > 1 || mayHoldNull) {
      return false;
    }
    int first = rows == 0 ? 0 : layouts[0].start(firstRow);
    for (int row = 0; row < rows; row++) {
      int at = firstRow + row;
      if (layouts[0].size(at) != size || layouts[0].start(at) != first + row * size) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int size(int level) {
    return sizes[level];
  }

  @Override
  public boolean enter(int level, int element) {
    int index = starts[level] + element;
    if (columns[level + 1].isNullAt(index)) {
      return false;
    }
    starts[level + 1] = layouts[level + 1].start(index);
    sizes[level + 1] = layouts[level + 1].size(index);
    return true;
  }

  @Override
  public ElementSource values() {
    return values;
  }

  @Override
  public int start() {
    return starts[starts.length - 1];
  }

  @Override
  public int firstNull() {
    if (mayHoldNull) {
      int innermost = starts.length - 1;
      for (int i = 0; i < sizes[innermost]; i++) {
        if (elements.isNullAt(starts[innermost] + i)) {
          return i;
        }
      }
    }
    return -1;
  }
}
