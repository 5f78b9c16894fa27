package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.engine.tensor.StringTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Strings and binary values in views of 16 bytes: a length, then up to twelve bytes of the value,
 * or four of them, the number of a data buffer and a place there.
 */
final class TextViewReader implements VectorReader {
  private static final int VIEW = BaseVariableWidthViewVector.ELEMENT_SIZE;
  private static final int INLINE = BaseVariableWidthViewVector.INLINE_SIZE;

  private final BaseVariableWidthViewVector vector;

  TextViewReader(FieldVector vector) {
    this.vector = (BaseVariableWidthViewVector) vector;
  }

  @Override
  public Elements read(int from, int rows) {
    byte[] raw = Buffers.bytes(vector.getDataBuffer(), (long) from * VIEW, rows * VIEW);
    ByteBuffer views = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    int[] offsets = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      offsets[i + 1] =
          Math.addExact(offsets[i], vector.isNull(from + i) ? 0 : views.getInt(i * VIEW));
    }
    byte[] bytes = new byte[offsets[rows]];
    List<ArrowBuf> data = vector.getDataBuffers();
    for (int i = 0; i < rows; i++) {
      int length = offsets[i + 1] - offsets[i];
      int view = i * VIEW;
      if (length <= INLINE) {
        System.arraycopy(raw, view + 4, bytes, offsets[i], length);
      } else {
        data.get(views.getInt(view + 8))
            .getBytes(views.getInt(view + 12), bytes, offsets[i], length);
      }
    }
    return new Elements(
        new StringTensor(bytes, offsets, 0, rows), Buffers.nulls(vector, from, rows));
  }
}
