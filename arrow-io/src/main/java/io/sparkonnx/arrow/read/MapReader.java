package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Maps;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** Maps: lists of entries of a key and a value. */
final class MapReader implements VectorReader {
  private final MapVector vector;
  private final VectorReader keys;
  private final VectorReader values;

  MapReader(MapVector vector, DictionaryProvider dictionaries) {
    this.vector = vector;
    List<FieldVector> entry = vector.getDataVector().getChildrenFromFields();
    this.keys = VectorReader.of(entry.get(0), dictionaries);
    this.values = VectorReader.of(entry.get(1), dictionaries);
  }

  @Override
  public Maps read(int from, int rows) {
    int[] offsets = Buffers.offsets(vector.getOffsetBuffer(), from, rows);
    int first = rows == 0 ? 0 : vector.getOffsetBuffer().getInt(4L * from);
    return new Maps(
        offsets,
        keys.read(first, offsets[rows]),
        values.read(first, offsets[rows]),
        Buffers.nulls(vector, from, rows));
  }
}
