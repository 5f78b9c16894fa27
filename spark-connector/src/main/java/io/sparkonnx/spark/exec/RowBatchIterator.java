package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.plan.Sequences;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.GenerateUnsafeRowJoiner;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowJoiner;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatchRow;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/**
 * Gathers rows into batches, small ones first so that a query that needs few rows stays cheap, and
 * puts each result beside what is kept of its row.
 */
final class RowBatchIterator extends AbstractIterator<InternalRow> {

  /** Bytes of the rows of a batch. */
  private static final int BATCH_BYTES = 32 << 20;

  private final Iterator<InternalRow> input;
  private final TaskCalls calls;
  private final TaskMetrics metrics;
  private final BatchSizes sizes;
  private final UnsafeProjection toUnsafe;

  /** Takes the kept columns of a row; null where these are all. */
  private final UnsafeProjection toKept;

  private final UnsafeProjection toResult;

  /** Null where no columns are kept. */
  private final UnsafeRowJoiner joiner;

  private final RowPages kept;
  private final SampledTime gathering;
  private final SampledTime writing;
  private long pageBytes;
  private int rows;
  private ColumnarBatchRow result;
  private int next;

  RowBatchIterator(
      Iterator<InternalRow> input, EvalPlan plan, TaskCalls calls, TaskMetrics metrics) {
    this.input = input;
    this.calls = calls;
    this.metrics = metrics;
    this.sizes = new BatchSizes(plan.batchSize());
    List<Attribute> columns = plan.childOutput();
    List<Attribute> keptColumns = plan.kept().stream().map(columns::get).toList();
    StructType keptType = schema(keptColumns.stream().map(Attribute::dataType));
    StructType resultType = schema(plan.resultTypes().stream());
    this.toUnsafe =
        UnsafeProjection$.MODULE$.create(schema(columns.stream().map(Attribute::dataType)));
    this.toKept =
        plan.keepsAll()
            ? null
            : UnsafeProjection$.MODULE$.create(
                Sequences.<Expression>seq(keptColumns), Sequences.seq(columns));
    this.toResult = UnsafeProjection$.MODULE$.create(resultType);
    this.joiner =
        keptColumns.isEmpty() ? null : GenerateUnsafeRowJoiner.create(keptType, resultType);
    this.kept = new RowPages(keptColumns.size(), this::grow);
    this.gathering = new SampledTime(metrics.convertIn());
    this.writing = new SampledTime(metrics.convertOut());
  }

  private static StructType schema(Stream<DataType> types) {
    StructType schema = new StructType();
    for (DataType type : types.toList()) {
      schema = schema.add("c" + schema.length(), type, true);
    }
    return schema;
  }

  private void grow(long bytes) {
    pageBytes += bytes;
    calls.reserve(pageBytes);
  }

  @Override
  public boolean hasNext() {
    if (next == rows) {
      next = 0;
      rows = 0;
      result = null;
      if (input.hasNext()) {
        fill();
      }
    }
    return next < rows;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more rows");
    }
    calls.poll(next);
    writing.begin();
    result.rowId = next;
    UnsafeRow row = toResult.apply(result);
    long copied = row.getSizeInBytes();
    if (joiner != null) {
      UnsafeRow keptRow = kept.get(next);
      row = joiner.join(keptRow, row);
      copied += row.getSizeInBytes() - keptRow.getSizeInBytes();
    }
    writing.end();
    metrics.copiedOut().add(copied);
    next++;
    return row;
  }

  private void fill() {
    int limit = calls.batchRows(sizes.next(), false);
    kept.clear();
    calls.begin(limit);
    long bytes = 0;
    while (rows < limit && bytes < BATCH_BYTES && input.hasNext()) {
      InternalRow next = input.next();
      gathering.begin();
      UnsafeRow row = next instanceof UnsafeRow unsafe ? unsafe : toUnsafe.apply(next);
      bytes += row.getSizeInBytes();
      if (joiner != null) {
        kept.add(toKept == null ? row : toKept.apply(row));
      }
      calls.put(row, rows++);
      gathering.end();
    }
    metrics.copiedIn().add(kept.size());
    result = new ColumnarBatchRow(calls.run(rows));
  }
}
