package io.sparkonnx.spark.exec;

import org.apache.spark.PartitionEvaluator;
import org.apache.spark.PartitionEvaluatorFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/** Rows in, rows with results out. */
record RowEvaluatorFactory(EvalPlan plan, TaskMetrics metrics)
    implements PartitionEvaluatorFactory<InternalRow, InternalRow> {

  @Override
  public PartitionEvaluator<InternalRow, InternalRow> createEvaluator() {
    return this::evaluate;
  }

  private Iterator<InternalRow> evaluate(int partition, Seq<Iterator<InternalRow>> inputs) {
    return new RowBatchIterator(inputs.head(), plan, new TaskCalls(plan, metrics), metrics);
  }
}
