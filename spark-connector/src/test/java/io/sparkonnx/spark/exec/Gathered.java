package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.bind.ArgumentForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection$;
import org.apache.spark.sql.execution.RowToColumnConverter;
import org.apache.spark.sql.execution.arrow.ArrowWriter;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatchRow;

/** Where Spark may keep the values that a buffer gathers; in columns from their second row on. */
enum Gathered {
  UNSAFE_ROWS,
  ROWS_OF_COLUMNS,
  HEAP_COLUMNS,
  OFF_HEAP_COLUMNS,
  ARROW_COLUMNS;

  /** Puts rows of internal values into a buffer. */
  void into(InputBuffer buffer, List<DataType> types, List<Object[]> rows) {
    StructType schema = schema(types);
    int[] ordinals = IntStream.range(0, types.size()).toArray();
    buffer.reserve(rows.size());
    switch (this) {
      case UNSAFE_ROWS -> {
        UnsafeProjection projection = UnsafeProjection$.MODULE$.create(schema);
        for (int row = 0; row < rows.size(); row++) {
          buffer.putRow(projection.apply(internal(rows.get(row))), ordinals, row);
        }
      }
      case ROWS_OF_COLUMNS -> {
        WritableColumnVector[] columns = OnHeapColumnVector.allocateColumns(rows.size(), schema);
        ColumnarBatchRow view = new ColumnarBatchRow(filled(columns, schema, rows));
        for (view.rowId = 0; view.rowId < rows.size(); view.rowId++) {
          buffer.putRow(view, ordinals, view.rowId);
        }
      }
      case HEAP_COLUMNS -> {
        List<Object[]> all = afterAnother(rows);
        WritableColumnVector[] columns = OnHeapColumnVector.allocateColumns(all.size(), schema);
        buffer.putColumns(filled(columns, schema, all), ordinals, 1, rows.size());
      }
      case OFF_HEAP_COLUMNS -> {
        List<Object[]> all = afterAnother(rows);
        WritableColumnVector[] columns = OffHeapColumnVector.allocateColumns(all.size(), schema);
        try {
          buffer.putColumns(filled(columns, schema, all), ordinals, 1, rows.size());
        } finally {
          Arrays.stream(columns).forEach(ColumnVector::close);
        }
      }
      case ARROW_COLUMNS -> arrow(buffer, schema, ordinals, rows);
    }
  }

  private static void arrow(
      InputBuffer buffer, StructType schema, int[] ordinals, List<Object[]> rows) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root =
            VectorSchemaRoot.create(
                ArrowUtils.toArrowSchema(schema, "UTC", false, false), allocator)) {
      ArrowWriter writer = ArrowWriter.create(root);
      afterAnother(rows).forEach(row -> writer.write(internal(row)));
      writer.finish();
      ColumnVector[] columns =
          root.getFieldVectors().stream().map(ArrowColumnVector::new).toArray(ColumnVector[]::new);
      buffer.putColumns(columns, ordinals, 1, rows.size());
    }
  }

  private static List<Object[]> afterAnother(List<Object[]> rows) {
    List<Object[]> all = new ArrayList<>();
    all.add(rows.get(rows.size() - 1));
    all.addAll(rows);
    return all;
  }

  private static StructType schema(List<DataType> types) {
    List<StructField> fields = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      fields.add(DataTypes.createStructField("c" + i, ArgumentForm.stored(types.get(i)), true));
    }
    return DataTypes.createStructType(fields);
  }

  private static ColumnVector[] filled(
      WritableColumnVector[] columns, StructType schema, List<Object[]> rows) {
    RowToColumnConverter converter = new RowToColumnConverter(schema);
    rows.forEach(row -> converter.convert(internal(row), columns));
    return columns;
  }

  private static InternalRow internal(Object[] values) {
    return new GenericInternalRow(values);
  }
}
