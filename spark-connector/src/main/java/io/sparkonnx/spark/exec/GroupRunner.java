package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.plan.Sequences;
import java.util.List;
import java.util.function.IntConsumer;
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
  private final IntConsumer poll;
  private final boolean takesWholeColumns;
  private final BasePredicate condition;
  private final UnsafeProjection arguments;
  private final List<CallRunner> runners;
  private final TaskMetrics metrics;
  private int[] selected = {};

  /**
   * @param poll told of rows that go by, to end a killed task
   */
  GroupRunner(
      CallGroup group,
      EvalPlan plan,
      List<CallRunner> runners,
      TaskMetrics metrics,
      IntConsumer poll,
      int partition) {
    this.poll = poll;
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

  /**
   * Gathers the arguments of the selected rows of a slice, from {@code from} to before {@code to}.
   *
   * @param rows gives a row of the batch, valid until the next one is asked for
   */
  void gather(IntFunction<InternalRow> rows, int from, int to) {
    int chosen = condition == null ? to - from : select(rows, from, to);
    runners.forEach(runner -> runner.slice(chosen));
    long computed = 0;
    for (int i = 0; i < chosen; i++) {
      poll.accept(i);
      int row = condition == null ? from + i : selected[i];
      InternalRow values = rows.apply(row);
      if (arguments != null) {
        UnsafeRow all = arguments.apply(values);
        computed += all.getSizeInBytes();
        values = all;
      }
      for (CallRunner runner : runners) {
        runner.put(values, row);
      }
    }
    metrics.copiedIn().add(computed);
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

  private int select(IntFunction<InternalRow> rows, int from, int to) {
    if (selected.length < to - from) {
      selected = new int[ElementStore.grown(selected.length, to - from)];
    }
    int chosen = 0;
    for (int row = from; row < to; row++) {
      poll.accept(row - from);
      if (condition.eval(rows.apply(row))) {
        selected[chosen++] = row;
      }
    }
    return chosen;
  }
}
