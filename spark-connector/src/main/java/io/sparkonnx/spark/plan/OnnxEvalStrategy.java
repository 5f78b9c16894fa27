package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/**
 * Plans {@link OnnxEval}. Under a projection, with or without a filter between, it gives on only
 * those of the child's columns that these two read.
 */
public final class OnnxEvalStrategy extends SparkStrategy {
  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    if (plan instanceof OnnxEval eval) {
      return Sequences.of(planned(eval, eval.child().output()));
    }
    if (plan instanceof Project project) {
      AttributeSet read = project.references();
      if (project.child() instanceof OnnxEval eval) {
        return Sequences.of(new ProjectExec(project.projectList(), planned(eval, read)));
      }
      if (project.child() instanceof Filter filter && filter.child() instanceof OnnxEval eval) {
        Expression condition = filter.condition();
        SparkPlan node = planned(eval, read.$plus$plus(condition.references()));
        return Sequences.of(
            new ProjectExec(project.projectList(), new FilterExec(condition, node)));
      }
    }
    return Sequences.seq(List.of());
  }

  private SparkPlan planned(OnnxEval eval, AttributeSet read) {
    List<Attribute> kept =
        Sequences.list(eval.child().output()).stream().filter(read::contains).toList();
    return planned(eval, Sequences.seq(kept));
  }

  private SparkPlan planned(OnnxEval eval, Seq<Attribute> kept) {
    return new OnnxEvalExec(eval.calls(), eval.results(), kept, planLater(eval.child()));
  }
}
