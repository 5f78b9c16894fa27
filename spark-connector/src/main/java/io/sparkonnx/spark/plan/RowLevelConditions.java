package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Exists;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ReplaceData;
import org.apache.spark.sql.catalyst.plans.logical.WriteDelta;

/**
 * UPDATE, DELETE and MERGE keep their conditions to choose files or partitions that may hold rows
 * to change. The query below finds the rows; conditions with calls drop out of the choice, which
 * then lets more through.
 */
final class RowLevelConditions {
  private RowLevelConditions() {}

  static LogicalPlan withoutCalls(LogicalPlan write) {
    if (write instanceof ReplaceData replace) {
      return replace.copy(
          replace.table(),
          weakened(replace.condition()),
          replace.query(),
          replace.originalTable(),
          replace.projections(),
          replace.groupFilterCondition().map(RowLevelConditions::weakened),
          replace.write());
    }
    if (write instanceof WriteDelta delta) {
      return delta.copy(
          delta.table(),
          weakened(delta.condition()),
          delta.query(),
          delta.originalTable(),
          delta.projections(),
          delta.groupFilterCondition().map(RowLevelConditions::weakened),
          delta.write());
    }
    return write;
  }

  private static Expression weakened(Expression condition) {
    if (condition instanceof Exists exists && exists.plan() instanceof Filter filter) {
      return exists.withNewPlan(new Filter(weakened(filter.condition()), filter.child()));
    }
    List<Expression> kept = new ArrayList<>(Conjuncts.split(condition));
    kept.removeIf(Calls::in);
    return kept.isEmpty() ? Literal.TrueLiteral() : Conjuncts.and(kept);
  }
}
