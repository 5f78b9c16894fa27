package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The elements of a tensor in row-major order, in the Spark type that its element type widens to.
 */
final class ElementVector extends ResultVector {
  private final Tensor tensor;
  private final float[] floats;
  private final int offset;
  private final int period;

  ElementVector(DataType type, Tensor tensor) {
    this(type, tensor, Integer.MAX_VALUE);
  }

  /**
   * @param period number of elements after which the column repeats
   */
  ElementVector(DataType type, Tensor tensor, int period) {
    super(type);
    this.tensor = tensor;
    this.floats = tensor instanceof FloatTensor values ? values.array() : null;
    this.offset = tensor.offset();
    this.period = period;
  }

  private int index(int rowId) {
    return period == Integer.MAX_VALUE ? rowId : rowId % period;
  }

  @Override
  public boolean getBoolean(int rowId) {
    return tensor.longAt(index(rowId)) != 0;
  }

  @Override
  public byte getByte(int rowId) {
    return (byte) tensor.longAt(index(rowId));
  }

  @Override
  public short getShort(int rowId) {
    return (short) tensor.longAt(index(rowId));
  }

  @Override
  public int getInt(int rowId) {
    return (int) tensor.longAt(index(rowId));
  }

  @Override
  public long getLong(int rowId) {
    return tensor.longAt(index(rowId));
  }

  @Override
  public float getFloat(int rowId) {
    int index = index(rowId);
    return floats != null ? floats[offset + index] : (float) tensor.doubleAt(index);
  }

  @Override
  public float[] getFloats(int rowId, int count) {
    if (floats == null || period != Integer.MAX_VALUE) {
      return super.getFloats(rowId, count);
    }
    float[] copy = new float[count];
    System.arraycopy(floats, offset + rowId, copy, 0, count);
    return copy;
  }

  @Override
  public double getDouble(int rowId) {
    return tensor.doubleAt(index(rowId));
  }

  @Override
  public Decimal getDecimal(int rowId, int precision, int scale) {
    String unsigned = Long.toUnsignedString(tensor.longAt(index(rowId)));
    return Decimal.apply(new BigDecimal(new BigInteger(unsigned)), precision, scale);
  }

  @Override
  public UTF8String getUTF8String(int rowId) {
    StringTensor strings = (StringTensor) tensor;
    int index = index(rowId);
    int begin = strings.begin(index);
    return UTF8String.fromBytes(strings.bytes(), begin, strings.end(index) - begin);
  }
}
