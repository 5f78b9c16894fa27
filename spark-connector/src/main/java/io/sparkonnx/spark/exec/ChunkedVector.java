package io.sparkonnx.spark.exec;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/** The results of several runs, one after the other. */
final class ChunkedVector extends ResultVector {
  private final List<ColumnVector> chunks;
  private final int[] ends;
  private int current;
  private int begin;

  /**
   * @param ends for each chunk the first row after it
   */
  ChunkedVector(DataType type, List<ColumnVector> chunks, int[] ends) {
    super(type);
    this.chunks = chunks;
    this.ends = ends;
  }

  /** The chunk that holds a row; {@link #begin} becomes its first row. */
  private ColumnVector chunk(int rowId) {
    if (rowId < begin || rowId >= ends[current]) {
      int found = Arrays.binarySearch(ends, rowId + 1);
      current = found < 0 ? -found - 1 : found;
      begin = current == 0 ? 0 : ends[current - 1];
    }
    return chunks.get(current);
  }

  @Override
  public boolean getBoolean(int rowId) {
    return chunk(rowId).getBoolean(rowId - begin);
  }

  @Override
  public byte getByte(int rowId) {
    return chunk(rowId).getByte(rowId - begin);
  }

  @Override
  public short getShort(int rowId) {
    return chunk(rowId).getShort(rowId - begin);
  }

  @Override
  public int getInt(int rowId) {
    return chunk(rowId).getInt(rowId - begin);
  }

  @Override
  public long getLong(int rowId) {
    return chunk(rowId).getLong(rowId - begin);
  }

  @Override
  public float getFloat(int rowId) {
    return chunk(rowId).getFloat(rowId - begin);
  }

  @Override
  public double getDouble(int rowId) {
    return chunk(rowId).getDouble(rowId - begin);
  }

  @Override
  public ColumnarArray getArray(int rowId) {
    return chunk(rowId).getArray(rowId - begin);
  }

  @Override
  public ColumnarMap getMap(int rowId) {
    return chunk(rowId).getMap(rowId - begin);
  }

  @Override
  public Decimal getDecimal(int rowId, int precision, int scale) {
    return chunk(rowId).getDecimal(rowId - begin, precision, scale);
  }

  @Override
  public UTF8String getUTF8String(int rowId) {
    return chunk(rowId).getUTF8String(rowId - begin);
  }
}
