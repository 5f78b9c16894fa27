package io.sparkonnx.spark.exec;

import org.apache.spark.PartitionEvaluator;
import org.apache.spark.PartitionEvaluatorFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/** Columnar batches in, the kept columns of the same batches with result columns appended out. */
record ColumnEvaluatorFactory(EvalPlan plan, TaskMetrics metrics)
    implements PartitionEvaluatorFactory<ColumnarBatch, ColumnarBatch> {

  @Override
  public PartitionEvaluator<ColumnarBatch, ColumnarBatch> createEvaluator() {
    return this::evaluate;
  }

  private Iterator<ColumnarBatch> evaluate(int partition, Seq<Iterator<ColumnarBatch>> inputs) {
    return new ColumnBatchIterator(inputs.head(), plan, new TaskCalls(plan, metrics));
  }
}
