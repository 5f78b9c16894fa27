package io.sparkonnx.spark.arrow;

import org.apache.arrow.vector.Float2Vector;
import org.apache.spark.sql.types.DataTypes;

/** Half floats as floats. */
final class HalfVector extends DerivedVector {
  private final Float2Vector vector;

  HalfVector(Float2Vector vector) {
    super(DataTypes.FloatType, vector);
    this.vector = vector;
  }

  @Override
  public float getFloat(int row) {
    return vector.getValueAsFloat(row);
  }
}
