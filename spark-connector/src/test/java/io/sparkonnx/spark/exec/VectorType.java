package io.sparkonnx.spark.exec;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.SQLUserDefinedType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.UserDefinedType;

/** A user-defined type that stores vectors as Spark ML does. */
public final class VectorType extends UserDefinedType<VectorType.Vector> {
  private static final long serialVersionUID = 1L;

  /** A vector in the form that is stored. */
  @SQLUserDefinedType(udt = VectorType.class)
  public record Vector(byte kind, Integer size, int[] indices, double[] values) {}

  /** The stored form of a dense vector. */
  static InternalRow dense(double... values) {
    return row(new Vector((byte) 1, null, null, values));
  }

  /** The stored form of a sparse vector. */
  static InternalRow sparse(int size, int[] indices, double... values) {
    return row(new Vector((byte) 0, size, indices, values));
  }

  private static InternalRow row(Vector vector) {
    return new GenericInternalRow(
        new Object[] {
          vector.kind(),
          vector.size(),
          vector.indices() == null ? null : UnsafeArrayData.fromPrimitiveArray(vector.indices()),
          UnsafeArrayData.fromPrimitiveArray(vector.values())
        });
  }

  @Override
  public DataType sqlType() {
    return DataTypes.createStructType(
        new StructField[] {
          DataTypes.createStructField("type", DataTypes.ByteType, false),
          DataTypes.createStructField("size", DataTypes.IntegerType, true),
          DataTypes.createStructField(
              "indices", DataTypes.createArrayType(DataTypes.IntegerType, false), true),
          DataTypes.createStructField(
              "values", DataTypes.createArrayType(DataTypes.DoubleType, false), true)
        });
  }

  @Override
  public Object serialize(Vector vector) {
    return row(vector);
  }

  @Override
  public Vector deserialize(Object datum) {
    InternalRow row = (InternalRow) datum;
    return new Vector(
        row.getByte(0),
        row.isNullAt(1) ? null : row.getInt(1),
        row.isNullAt(2) ? null : row.getArray(2).toIntArray(),
        row.getArray(3).toDoubleArray());
  }

  @Override
  public Class<Vector> userClass() {
    return Vector.class;
  }
}
