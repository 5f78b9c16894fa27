package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.ElementType;
import org.apache.arrow.vector.BitVector;

/** Booleans: bits become bytes. */
final class BoolReader implements VectorReader {
  private final BitVector vector;

  BoolReader(BitVector vector) {
    this.vector = vector;
  }

  @Override
  public Elements read(int from, int rows) {
    byte[] values = new byte[rows];
    if (rows > 0) {
      int first = from >> 3;
      int shift = from & 7;
      byte[] packed =
          Buffers.bytes(vector.getDataBuffer(), first, ((from + rows + 7) >> 3) - first);
      for (int i = 0; i < rows; i++) {
        int bit = shift + i;
        values[i] = (byte) ((packed[bit >> 3] >> (bit & 7)) & 1);
      }
    }
    return new Elements(
        new ByteTensor(ElementType.BOOL, values, 0, rows), Buffers.nulls(vector, from, rows));
  }
}
