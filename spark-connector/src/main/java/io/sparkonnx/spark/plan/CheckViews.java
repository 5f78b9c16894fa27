package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.OnnxCondition;
import io.sparkonnx.spark.model.ModelReference;
import org.apache.spark.sql.catalyst.analysis.PersistedView$;
import org.apache.spark.sql.catalyst.analysis.ResolvedPersistentView;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.AlterViewAs;
import org.apache.spark.sql.catalyst.plans.logical.CreateView;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.command.AlterViewAsCommand;
import org.apache.spark.sql.execution.command.CreateViewCommand;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Refuses permanent views over models that only settings of a session explain. */
public final class CheckViews extends AbstractFunction1<LogicalPlan, BoxedUnit> {
  @Override
  public BoxedUnit apply(LogicalPlan plan) {
    plan.foreachWithSubqueries(
        node -> {
          LogicalPlan query = permanent(node);
          if (query != null) {
            query.foreachWithSubqueries(CheckViews::check);
          }
          return BoxedUnit.UNIT;
        });
    return BoxedUnit.UNIT;
  }

  /** The query of a permanent view that a node makes, changes or reads; null for other nodes. */
  private static LogicalPlan permanent(LogicalPlan node) {
    if (node instanceof CreateViewCommand create) {
      return create.viewType() == PersistedView$.MODULE$ ? create.plan() : null;
    }
    if (node instanceof AlterViewAsCommand alter) {
      boolean temporary = SparkSession.active().sessionState().catalog().isTempView(alter.name());
      return temporary ? null : alter.query();
    }
    if (node instanceof CreateView create) {
      return create.query();
    }
    if (node instanceof AlterViewAs alter) {
      return alter.child() instanceof ResolvedPersistentView ? alter.query() : null;
    }
    return node instanceof View view && !view.isTempView() ? view.child() : null;
  }

  private static BoxedUnit check(LogicalPlan node) {
    for (Expression expression : Sequences.list(node.expressions())) {
      if (Calls.in(expression)) {
        expression.foreach(CheckViews::check);
      }
    }
    return BoxedUnit.UNIT;
  }

  private static BoxedUnit check(Expression expression) {
    if (expression instanceof OnnxPredict call && call.call().model().hasShortName()) {
      ModelReference model = call.call().model();
      throw OnnxCondition.ONNX_CALL_PLACE.raise(
          "a permanent view cannot call the model '"
              + model.location()
              + "', a short name that only settings of a session explain; write '"
              + model.file()
              + "@sha256:"
              + model.sha256()
              + "'");
    }
    return BoxedUnit.UNIT;
  }
}
