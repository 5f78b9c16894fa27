package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.engine.tensor.StringTensor;
import org.apache.arrow.vector.FieldVector;

/** Strings and binary values with 32-bit or 64-bit offsets. */
final class TextReader implements VectorReader {
  private final FieldVector vector;
  private final boolean large;

  TextReader(FieldVector vector, boolean large) {
    this.vector = vector;
    this.large = large;
  }

  @Override
  public Elements read(int from, int rows) {
    var starts = vector.getOffsetBuffer();
    int[] offsets =
        large
            ? Buffers.largeOffsets(starts, from, rows, vector.getName())
            : Buffers.offsets(starts, from, rows);
    byte[] bytes = new byte[0];
    if (offsets[rows] > 0) {
      long first = large ? starts.getLong(8L * from) : starts.getInt(4L * from);
      bytes = Buffers.bytes(vector.getDataBuffer(), first, offsets[rows]);
    }
    return new Elements(
        new StringTensor(bytes, offsets, 0, rows), Buffers.nulls(vector, from, rows));
  }
}
