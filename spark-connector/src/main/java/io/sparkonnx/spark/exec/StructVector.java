package io.sparkonnx.spark.exec;

import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Structs of columns. */
final class StructVector extends ResultVector {
  private final List<ColumnVector> fields;

  StructVector(DataType type, List<ColumnVector> fields) {
    super(type);
    this.fields = fields;
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return fields.get(ordinal);
  }
}
