package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.column.RowMask;
import io.sparkonnx.engine.OnnxException;
import java.util.Locale;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Values that are kept once in a dictionary; a row holds its value's index. */
final class DictionaryReader implements VectorReader {
  private final FieldVector vector;
  private final BaseIntVector indices;
  private final FieldVector dictionary;
  private final VectorReader values;

  DictionaryReader(FieldVector vector, DictionaryProvider dictionaries) {
    this.vector = vector;
    this.indices = (BaseIntVector) vector;
    long id = vector.getField().getDictionary().getId();
    Dictionary found = dictionaries == null ? null : dictionaries.lookup(id);
    if (found == null) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          String.format(
              Locale.ROOT, "column '%s': its dictionary %d is missing", vector.getName(), id));
    }
    this.dictionary = found.getVector();
    this.values = VectorReader.of(dictionary, dictionaries);
  }

  @Override
  public Column read(int from, int rows) {
    RowMask nulls = Buffers.nulls(vector, from, rows);
    int size = dictionary.getValueCount();
    int[] at = new int[rows];
    for (int i = 0; i < rows; i++) {
      if (nulls.contains(i)) {
        at[i] = -1;
        continue;
      }
      long index = indices.getValueAsLong(from + i);
      if (index < 0 || index >= size) {
        throw new OnnxException(
            OnnxException.Code.INVALID_VALUE,
            String.format(
                Locale.ROOT,
                "column '%s', row %d: index %d, but the dictionary has %d values",
                vector.getName(),
                from + i,
                index,
                size));
      }
      at[i] = (int) index;
    }
    return values.read(0, size).gather(at);
  }
}
