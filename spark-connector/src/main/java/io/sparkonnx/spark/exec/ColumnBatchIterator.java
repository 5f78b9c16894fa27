package io.sparkonnx.spark.exec;

import java.util.NoSuchElementException;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/**
 * Batches of columns in, their kept columns with the results out. A batch is cut into slices, each
 * of which is a batch of its own above, computed when it is asked for: the first ones are small,
 * and input and results of each are bounded.
 */
final class ColumnBatchIterator extends AbstractIterator<ColumnarBatch> {
  private final Iterator<ColumnarBatch> input;
  private final TaskCalls calls;
  private final BatchSizes sizes;
  private final int[] kept;
  private ColumnarBatch batch;
  private int from;

  ColumnBatchIterator(Iterator<ColumnarBatch> input, EvalPlan plan, TaskCalls calls) {
    this.input = input;
    this.calls = calls;
    this.sizes = new BatchSizes(plan.batchSize());
    this.kept = plan.kept().stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public boolean hasNext() {
    while (batch == null || from == batch.numRows()) {
      if (batch != null) {
        batch.closeIfFreeable();
        batch = null;
      }
      if (!input.hasNext()) {
        return false;
      }
      batch = input.next();
      from = 0;
    }
    return true;
  }

  @Override
  public ColumnarBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more batches");
    }
    int most = Math.min(batch.numRows() - from, calls.batchRows(sizes.next(), true));
    int rows = calls.gather(batch, from, most);
    ColumnVector[] results = calls.run(rows);
    ColumnVector[] all = new ColumnVector[kept.length + results.length];
    for (int i = 0; i < kept.length; i++) {
      all[i] = new SlicedVector(batch.column(kept[i]), from, rows);
    }
    System.arraycopy(results, 0, all, kept.length, results.length);
    from += rows;
    return new ColumnarBatch(all, rows);
  }
}
