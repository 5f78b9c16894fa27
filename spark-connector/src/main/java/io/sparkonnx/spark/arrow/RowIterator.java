package io.sparkonnx.spark.arrow;

import java.io.Closeable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.AbstractIterator;

/** The rows of batches one by one, for plans that take no batches. */
final class RowIterator extends AbstractIterator<InternalRow> implements Closeable {
  private final BatchIterator batches;
  private final UnsafeProjection projection;
  private Iterator<InternalRow> rows = Collections.emptyIterator();

  RowIterator(BatchIterator batches, StructType required, StructType partition) {
    this.batches = batches;
    StructType schema = required;
    for (StructField field : partition.fields()) {
      schema = schema.add(field);
    }
    this.projection = UnsafeProjection.create(schema);
  }

  @Override
  public boolean hasNext() {
    while (!rows.hasNext() && batches.hasNext()) {
      rows = batches.next().rowIterator();
    }
    return rows.hasNext();
  }

  @Override
  public InternalRow next() {
    hasNext();
    return projection.apply(rows.next());
  }

  @Override
  public void close() {
    rows = Collections.emptyIterator();
    batches.close();
  }
}
