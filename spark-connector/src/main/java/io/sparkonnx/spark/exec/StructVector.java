package io.sparkonnx.spark.exec;

import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Structs of columns. */
final class StructVector extends ResultVector {
  private final List<ColumnVector> fields;
  private final int[] positions;

  /**
   * @param positions {@link ScatteredVector#NONE} for each row that is NULL; null where none is
   */
  StructVector(DataType type, List<ColumnVector> fields, int[] positions) {
    super(type);
    this.fields = fields;
    this.positions = positions;
  }

  @Override
  public boolean hasNull() {
    return positions != null;
  }

  @Override
  public int numNulls() {
    return positions == null ? 0 : ScatteredVector.nulls(positions);
  }

  @Override
  public boolean isNullAt(int rowId) {
    return positions != null && positions[rowId] == ScatteredVector.NONE;
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return fields.get(ordinal);
  }
}
