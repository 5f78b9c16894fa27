package io.sparkonnx.spark.exec;

import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.GenerateUnsafeRowJoiner;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowJoiner;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatchRow;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/**
 * Gathers rows into batches, small ones first so that a query that needs few rows stays cheap, and
 * puts each result beside its row.
 */
final class RowBatchIterator extends AbstractIterator<InternalRow> {
  private static final int FIRST_BATCH = 64;
  private static final int GROWTH = 4;
  private static final int PAGE_BYTES = 32 << 20;

  private final Iterator<InternalRow> input;
  private final TaskCalls calls;
  private final TaskMetrics metrics;
  private final int batchSize;
  private final UnsafeProjection toUnsafe;
  private final UnsafeProjection toResult;
  private final UnsafeRowJoiner joiner;
  private final RowPages rows;
  private final RowPages results;
  private long pageBytes;
  private int wanted;
  private int next;

  RowBatchIterator(
      Iterator<InternalRow> input, EvalPlan plan, TaskCalls calls, TaskMetrics metrics) {
    this.input = input;
    this.calls = calls;
    this.metrics = metrics;
    this.batchSize = plan.batchSize();
    this.wanted = Math.min(FIRST_BATCH, batchSize);
    StructType childType =
        schema(plan.childOutput().stream().map(Attribute::dataType).toArray(DataType[]::new));
    StructType resultType = schema(plan.resultTypes().toArray(DataType[]::new));
    this.toUnsafe = UnsafeProjection$.MODULE$.create(childType);
    this.toResult = UnsafeProjection$.MODULE$.create(resultType);
    this.joiner = GenerateUnsafeRowJoiner.create(childType, resultType);
    this.rows = new RowPages(childType.length(), this::grow);
    this.results = new RowPages(resultType.length(), this::grow);
  }

  private static StructType schema(DataType[] types) {
    StructField[] fields = new StructField[types.length];
    for (int i = 0; i < types.length; i++) {
      fields[i] = DataTypes.createStructField("c" + i, types[i], true);
    }
    return DataTypes.createStructType(fields);
  }

  private void grow(long bytes) {
    pageBytes += bytes;
    calls.reserve(pageBytes);
  }

  @Override
  public boolean hasNext() {
    if (next == rows.rows()) {
      next = 0;
      rows.clear();
      if (input.hasNext()) {
        fill();
      }
    }
    return next < rows.rows();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more rows");
    }
    UnsafeRow joined = joiner.join(rows.get(next), results.get(next));
    metrics.copiedOut().add(joined.getSizeInBytes());
    next++;
    return joined;
  }

  private void fill() {
    int limit = calls.batchRows(wanted);
    wanted = (int) Math.min(batchSize, (long) wanted * GROWTH);
    while (rows.rows() < limit && rows.size() < PAGE_BYTES && input.hasNext()) {
      InternalRow row = input.next();
      rows.add(row instanceof UnsafeRow unsafe ? unsafe : toUnsafe.apply(row));
    }
    metrics.copiedIn().add(rows.size());
    write(calls.evaluate(rows));
  }

  private void write(ColumnVector[] columns) {
    long start = System.nanoTime();
    results.clear();
    ColumnarBatchRow row = new ColumnarBatchRow(columns);
    for (row.rowId = 0; row.rowId < rows.rows(); row.rowId++) {
      calls.poll(row.rowId);
      results.add(toResult.apply(row));
    }
    metrics.convertOut().add(System.nanoTime() - start);
    metrics.copiedOut().add(2L * results.size());
  }
}
