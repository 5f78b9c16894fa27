package io.sparkonnx.spark.exec;

import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** The errors of bad rows; NULL in other rows. */
final class ErrorVector extends ResultVector {
  private final Map<Integer, String> errors;
  private final int rows;

  /**
   * @param errors by row
   */
  ErrorVector(Map<Integer, String> errors, int rows) {
    super(DataTypes.StringType);
    this.errors = errors;
    this.rows = rows;
  }

  @Override
  public boolean hasNull() {
    return numNulls() > 0;
  }

  @Override
  public int numNulls() {
    return rows - errors.size();
  }

  @Override
  public boolean isNullAt(int rowId) {
    return !errors.containsKey(rowId);
  }

  @Override
  public UTF8String getUTF8String(int rowId) {
    return UTF8String.fromString(errors.get(rowId));
  }
}
