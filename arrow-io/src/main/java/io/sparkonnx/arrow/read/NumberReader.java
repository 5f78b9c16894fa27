package io.sparkonnx.arrow.read;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.arrow.column.RowMask;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;

/** Integers of all widths, signed and unsigned, and floats of 16, 32 and 64 bits. */
public final class NumberReader implements VectorReader {
  private final FieldVector vector;
  private final ElementType type;

  NumberReader(FieldVector vector) {
    this.vector = vector;
    this.type = elementType(vector);
  }

  /** The element type with the same layout as a vector's, or null if the vector has no numbers. */
  public static ElementType elementType(FieldVector vector) {
    if (vector instanceof Float4Vector) {
      return ElementType.FLOAT;
    }
    if (vector instanceof Float8Vector) {
      return ElementType.DOUBLE;
    }
    if (vector instanceof Float2Vector) {
      return ElementType.FLOAT16;
    }
    if (vector instanceof IntVector) {
      return ElementType.INT32;
    }
    if (vector instanceof BigIntVector) {
      return ElementType.INT64;
    }
    if (vector instanceof SmallIntVector) {
      return ElementType.INT16;
    }
    if (vector instanceof TinyIntVector) {
      return ElementType.INT8;
    }
    if (vector instanceof UInt4Vector) {
      return ElementType.UINT32;
    }
    if (vector instanceof UInt8Vector) {
      return ElementType.UINT64;
    }
    if (vector instanceof UInt2Vector) {
      return ElementType.UINT16;
    }
    return vector instanceof UInt1Vector ? ElementType.UINT8 : null;
  }

  /** The type of the elements. */
  public ElementType type() {
    return type;
  }

  /**
   * Copies rows {@code [from, from + rows)} into an array of the type's storage, from {@code at}
   * on.
   */
  public void copy(int from, int rows, Object array, int at) {
    Buffers.copy(vector.getDataBuffer(), from, type.storage(), array, at, rows);
  }

  /** The rows of {@code [from, from + rows)} that are NULL. */
  public RowMask nulls(int from, int rows) {
    return Buffers.nulls(vector, from, rows);
  }

  @Override
  public Elements read(int from, int rows) {
    Tensor tensor = Tensor.allocate(type, rows);
    copy(from, rows, tensor.array(), 0);
    return new Elements(tensor, nulls(from, rows));
  }
}
