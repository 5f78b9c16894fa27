package io.sparkonnx.arrow.write;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.arrow.read.NumberReader;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.BitSet;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/** Numbers, and booleans as bits. */
final class NumberWriter {
  private NumberWriter() {}

  /** Whether the vector holds the elements' type, and so took them. */
  static boolean write(Elements elements, FieldVector vector) {
    Tensor tensor = elements.tensor();
    if (NumberReader.elementType(vector) != tensor.type()) {
      return false;
    }
    int rows = elements.rows();
    allocate((BaseFixedWidthVector) vector, elements);
    Bytes.copy(
        tensor.array(),
        tensor.offset(),
        vector.getDataBuffer(),
        tensor.type().storage().bytes(),
        rows);
    vector.setValueCount(rows);
    return true;
  }

  static void writeBits(Elements elements, BitVector vector) {
    ByteTensor tensor = (ByteTensor) elements.tensor();
    int rows = elements.rows();
    BitSet bits = new BitSet(rows);
    for (int i = 0; i < rows; i++) {
      bits.set(i, tensor.get(i) != 0);
    }
    allocate(vector, elements);
    Bytes.bits(bits, rows, vector.getDataBuffer());
    vector.setValueCount(rows);
  }

  private static void allocate(BaseFixedWidthVector vector, Elements elements) {
    vector.clear();
    vector.allocateNew(elements.rows());
    Bytes.validity(elements.nulls(), vector.getValidityBuffer());
  }
}
