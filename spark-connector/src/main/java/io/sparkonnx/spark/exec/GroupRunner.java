package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.plan.Sequences;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Predicate$;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * The calls of a group within one task. Only rows that the condition selects are gathered; the
 * arguments of others are not computed.
 */
final class GroupRunner {
  private final boolean takesWholeColumns;
  private final BasePredicate condition;
  private final UnsafeProjection arguments;
  private final List<CallRunner> runners;
  private final TaskMetrics metrics;

  GroupRunner(
      CallGroup group,
      EvalPlan plan,
      List<CallRunner> runners,
      TaskMetrics metrics,
      int partition) {
    this.runners = runners;
    this.metrics = metrics;
    this.takesWholeColumns = group.takesWholeColumns();
    var columns = Sequences.<Attribute>seq(plan.childOutput());
    this.condition =
        group.condition() == null ? null : Predicate$.MODULE$.create(group.condition(), columns);
    this.arguments =
        group.argumentsAreColumns()
            ? null
            : UnsafeProjection$.MODULE$.create(
                Sequences.<Expression>seq(group.arguments()), columns);
    if (condition != null) {
      condition.initialize(partition);
    }
    if (arguments != null) {
      arguments.initialize(partition);
    }
  }

  List<CallRunner> runners() {
    return runners;
  }

  /** Whether it is known how much the rows of each call take. */
  boolean isMeasured() {
    return runners.stream().allMatch(CallRunner::isMeasured);
  }

  /** Rows of the slice that a call has, the most of any. */
  int gathered() {
    int most = 0;
    for (CallRunner runner : runners) {
      most = Math.max(most, runner.gathered());
    }
    return most;
  }

  /**
   * Starts a slice whose rows are put one by one.
   *
   * @param rows how many will come at most
   */
  void slice(int rows) {
    runners.forEach(runner -> runner.slice(rows));
  }

  /**
   * Takes the arguments of a row where the condition selects it.
   *
   * @param row valid until this returns
   * @param index of the row in the batch, greater than that of the row before
   */
  void put(InternalRow row, int index) {
    if (condition == null || condition.eval(row)) {
      putSelected(row, index);
    }
  }

  private void putSelected(InternalRow row, int index) {
    InternalRow values = row;
    if (arguments != null) {
      UnsafeRow all = arguments.apply(row);
      metrics.copiedIn().add(all.getSizeInBytes());
      values = all;
    }
    for (CallRunner runner : runners) {
      runner.put(values, index);
    }
  }

  /**
   * Gathers a slice of whole columns where all of their rows are wanted as they are; else false.
   *
   * @param rows the columns' rows
   */
  boolean gatherColumns(ColumnVector[] columns, IntFunction<InternalRow> rows, int from, int to) {
    if (!takesWholeColumns) {
      return false;
    }
    for (CallRunner runner : runners) {
      runner.slice(to - from);
      runner.putColumns(columns, rows, from, to);
    }
    return true;
  }
}
