package io.sparkonnx.spark.exec;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Strings of a column that holds them as indices into a dictionary, as Parquet does. Spark makes a
 * new string of the dictionary's bytes for every row; here each entry is made once for a column of
 * a batch.
 */
final class DictionarySource extends ElementSource {
  /** Entries from here on are not kept. */
  private static final int MAX_KEPT = 4096;

  private final WritableColumnVector indices;
  private UTF8String[] entries = {};

  DictionarySource(WritableColumnVector column, SpecializedGetters getters) {
    super(getters);
    this.indices = column.getDictionaryIds();
  }

  @Override
  UTF8String text(int index) {
    int entry = indices.getDictId(index);
    if (entry >= MAX_KEPT) {
      return super.text(index);
    }
    if (entry >= entries.length) {
      entries = Arrays.copyOf(entries, Math.min(MAX_KEPT, Math.max(16, 2 * entry)));
    }
    UTF8String text = entries[entry];
    if (text == null) {
      text = super.text(index);
      entries[entry] = text;
    }
    return text;
  }
}
