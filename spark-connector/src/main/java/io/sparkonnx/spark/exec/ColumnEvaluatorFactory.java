package io.sparkonnx.spark.exec;

import org.apache.spark.PartitionEvaluator;
import org.apache.spark.PartitionEvaluatorFactory;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/** Columnar batches in, the same batches with result columns appended out. */
record ColumnEvaluatorFactory(EvalPlan plan, TaskMetrics metrics)
    implements PartitionEvaluatorFactory<ColumnarBatch, ColumnarBatch> {

  @Override
  public PartitionEvaluator<ColumnarBatch, ColumnarBatch> createEvaluator() {
    return this::evaluate;
  }

  private Iterator<ColumnarBatch> evaluate(int partition, Seq<Iterator<ColumnarBatch>> inputs) {
    TaskCalls calls = new TaskCalls(plan, metrics);
    return inputs.head().map(batch -> append(batch, calls));
  }

  private static ColumnarBatch append(ColumnarBatch batch, TaskCalls calls) {
    ColumnVector[] results = calls.evaluate(batch);
    ColumnVector[] all = new ColumnVector[batch.numCols() + results.length];
    System.arraycopy(TaskCalls.columns(batch), 0, all, 0, batch.numCols());
    System.arraycopy(results, 0, all, batch.numCols(), results.length);
    return new ColumnarBatch(all, batch.numRows());
  }
}
