package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.FixedLists;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Lists of one size. */
final class FixedListReader implements VectorReader {
  private final FixedSizeListVector vector;
  private final VectorReader elements;

  FixedListReader(FixedSizeListVector vector, DictionaryProvider dictionaries) {
    this.vector = vector;
    this.elements = VectorReader.of(vector.getDataVector(), dictionaries);
  }

  @Override
  public FixedLists read(int from, int rows) {
    int size = vector.getListSize();
    return new FixedLists(
        size,
        elements.read(Math.multiplyExact(from, size), Math.multiplyExact(rows, size)),
        Buffers.nulls(vector, from, rows));
  }
}
