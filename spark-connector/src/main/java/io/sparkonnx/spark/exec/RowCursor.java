package io.sparkonnx.spark.exec;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.bitset.BitSetMethods;

/** Walks the arrays of a row. Spark's binary rows are read in place, without an object a row. */
final class RowCursor implements ArrayCursor {
  private final UnsafeArrayData[] views;
  private final ArrayData[] arrays;
  private final MemorySource memory = new MemorySource(null, 0, null);
  private final ElementSource others = new ElementSource(null);

  RowCursor(int depth) {
    this.arrays = new ArrayData[depth];
    this.views = new UnsafeArrayData[depth];
    for (int i = 0; i < depth; i++) {
      views[i] = new UnsafeArrayData();
    }
  }

  /** Goes to the array at an ordinal, which is not null. */
  RowCursor row(SpecializedGetters from, int ordinal) {
    open(0, from, ordinal);
    return this;
  }

  private void open(int level, SpecializedGetters from, int ordinal) {
    if (from instanceof UnsafeRow row) {
      pointTo(level, row.getBaseObject(), row.getBaseOffset(), row.getLong(ordinal));
    } else if (from instanceof UnsafeArrayData array) {
      pointTo(level, array.getBaseObject(), array.getBaseOffset(), array.getLong(ordinal));
    } else {
      arrays[level] = from.getArray(ordinal);
    }
  }

  private void pointTo(int level, Object base, long offset, long place) {
    views[level].pointTo(base, offset + (place >>> 32), (int) place);
    arrays[level] = views[level];
  }

  private ArrayData innermost() {
    return arrays[arrays.length - 1];
  }

  @Override
  public int size(int level) {
    return arrays[level].numElements();
  }

  @Override
  public boolean enter(int level, int element) {
    if (arrays[level].isNullAt(element)) {
      return false;
    }
    open(level + 1, arrays[level], element);
    return true;
  }

  @Override
  public ElementSource values() {
    if (innermost() instanceof UnsafeArrayData array) {
      memory.pointTo(array);
      return memory;
    }
    others.readFrom(innermost());
    return others;
  }

  @Override
  public int start() {
    return 0;
  }

  @Override
  public int firstNull() {
    ArrayData array = innermost();
    if (array instanceof UnsafeArrayData unsafe && !hasNull(unsafe)) {
      return -1;
    }
    for (int i = 0; i < array.numElements(); i++) {
      if (array.isNullAt(i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean hasNull(UnsafeArrayData array) {
    int words = (array.numElements() + Long.SIZE - 1) / Long.SIZE;
    return BitSetMethods.anySet(array.getBaseObject(), array.getBaseOffset() + Long.BYTES, words);
  }
}
