package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.engine.tensor.StringTensor;
import java.util.Arrays;
import org.apache.arrow.vector.FixedSizeBinaryVector;

/** Binary values of one width. */
final class FixedBinaryReader implements VectorReader {
  private final FixedSizeBinaryVector vector;

  FixedBinaryReader(FixedSizeBinaryVector vector) {
    this.vector = vector;
  }

  @Override
  public Elements read(int from, int rows) {
    int width = vector.getByteWidth();
    int[] offsets = new int[rows + 1];
    byte[] bytes =
        Buffers.bytes(vector.getDataBuffer(), (long) from * width, Math.multiplyExact(rows, width));
    Arrays.setAll(offsets, i -> i * width);
    return new Elements(
        new StringTensor(bytes, offsets, 0, rows), Buffers.nulls(vector, from, rows));
  }
}
