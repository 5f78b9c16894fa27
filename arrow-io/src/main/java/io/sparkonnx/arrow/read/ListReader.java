package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Lists;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Lists with 32-bit or 64-bit offsets. */
final class ListReader implements VectorReader {
  private final FieldVector vector;
  private final boolean large;
  private final VectorReader elements;

  ListReader(FieldVector vector, FieldVector data, boolean large, DictionaryProvider dictionaries) {
    this.vector = vector;
    this.large = large;
    this.elements = VectorReader.of(data, dictionaries);
  }

  @Override
  public Lists read(int from, int rows) {
    var starts = vector.getOffsetBuffer();
    int[] offsets =
        large
            ? Buffers.largeOffsets(starts, from, rows, vector.getName())
            : Buffers.offsets(starts, from, rows);
    int first = 0;
    if (rows > 0) {
      first = large ? Math.toIntExact(starts.getLong(8L * from)) : starts.getInt(4L * from);
    }
    return new Lists(
        offsets, elements.read(first, offsets[rows]), Buffers.nulls(vector, from, rows));
  }
}
