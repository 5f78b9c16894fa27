package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.engine.OnnxException;
import java.util.Locale;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/**
 * Copies rows of one vector to the heap, one bulk copy per buffer. A reader looks at the vector's
 * present buffers at every call, so it outlives the batches that are loaded into the vector.
 */
public interface VectorReader {
  /** Rows {@code [from, from + rows)}; what NULL rows hold is whatever the vector holds there. */
  Column read(int from, int rows);

  /**
   * The reader for a vector.
   *
   * @param dictionaries where a dictionary-encoded vector's values are; null if there are none
   * @throws OnnxException if the engine has no such type
   */
  static VectorReader of(FieldVector vector, DictionaryProvider dictionaries) {
    if (vector.getField().getDictionary() != null) {
      return new DictionaryReader(vector, dictionaries);
    }
    if (NumberReader.elementType(vector) != null) {
      return new NumberReader(vector);
    }
    if (vector instanceof BitVector bits) {
      return new BoolReader(bits);
    }
    if (vector instanceof VarCharVector || vector instanceof VarBinaryVector) {
      return new TextReader(vector, false);
    }
    if (vector instanceof LargeVarCharVector || vector instanceof LargeVarBinaryVector) {
      return new TextReader(vector, true);
    }
    if (vector instanceof ViewVarCharVector || vector instanceof ViewVarBinaryVector) {
      return new TextViewReader(vector);
    }
    if (vector instanceof FixedSizeBinaryVector binary) {
      return new FixedBinaryReader(binary);
    }
    if (vector instanceof MapVector map) {
      return new MapReader(map, dictionaries);
    }
    if (vector instanceof ListVector list) {
      return new ListReader(list, list.getDataVector(), false, dictionaries);
    }
    if (vector instanceof LargeListVector list) {
      return new ListReader(list, list.getDataVector(), true, dictionaries);
    }
    if (vector instanceof FixedSizeListVector list) {
      return new FixedListReader(list, dictionaries);
    }
    if (vector instanceof StructVector struct) {
      return new StructReader(struct, dictionaries);
    }
    throw new OnnxException(
        OnnxException.Code.INVALID_INPUT,
        String.format(
            Locale.ROOT,
            "column '%s': ONNX has no element type for Arrow's %s",
            vector.getName(),
            vector.getField().getType()));
  }
}
