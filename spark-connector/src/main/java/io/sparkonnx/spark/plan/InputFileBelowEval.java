package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockLength;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockStart;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sample;

/**
 * The file of a row is asked for below the calls: a scan tells only the file that it has read last,
 * and calls read a batch of rows before they give the first.
 *
 * <pre>
 * Project [input_file_name(), s]         Project [file, s]
 * +- OnnxEval [onnx_predict(m, a)]   ⇒   +- OnnxEval [onnx_predict(m, a)]
 *    +- child                               +- Project [a, input_file_name() AS file]
 *                                              +- child
 * </pre>
 */
final class InputFileBelowEval {
  private final List<Alias> columns = new ArrayList<>();

  private InputFileBelowEval() {}

  static LogicalPlan apply(LogicalPlan plan) {
    return new InputFileBelowEval().move(plan.mapChildren(InputFileBelowEval::apply));
  }

  private LogicalPlan move(LogicalPlan node) {
    if (node.children().size() != 1 || !node.expressions().exists(InputFileBelowEval::asksIn)) {
      return node;
    }
    LogicalPlan asking = (LogicalPlan) node.mapExpressions(e -> Calls.replace(e, this::column));
    LogicalPlan child = widened(node.children().head());
    if (child == null && node instanceof OnnxEval) {
      child = with(node.children().head());
    }
    if (child == null) {
      return node;
    }
    LogicalPlan moved = asking.withNewChildren(Sequences.of(child));
    return moved.output().equals(node.output())
        ? moved
        : new Project(Sequences.<NamedExpression>seq(Sequences.list(node.output())), moved);
  }

  private static boolean asksIn(Expression expression) {
    return expression.exists(InputFileBelowEval::asks);
  }

  private static boolean asks(Expression expression) {
    return expression instanceof InputFileName
        || expression instanceof InputFileBlockStart
        || expression instanceof InputFileBlockLength;
  }

  /** The column that stands for an expression that asks, else null. */
  private Expression column(Expression expression) {
    if (!asks(expression)) {
      return null;
    }
    Alias column =
        columns.stream()
            .filter(known -> known.child().equals(expression))
            .findFirst()
            .orElseGet(() -> added(expression));
    return (Expression) column.toAttribute();
  }

  private Alias added(Expression expression) {
    Alias column = Aliases.of(expression, expression.prettyName());
    columns.add(column);
    return column;
  }

  /** The plan with the columns made below its last calls; null where no calls are on the way. */
  private LogicalPlan widened(LogicalPlan plan) {
    boolean passes =
        plan instanceof Filter
            || plan instanceof Generate
            || plan instanceof Sample
            || plan instanceof GlobalLimit
            || plan instanceof LocalLimit;
    if (!passes && !(plan instanceof Project) && !(plan instanceof OnnxEval)) {
      return null;
    }
    LogicalPlan child = plan.children().head();
    LogicalPlan deeper = widened(child);
    if (deeper == null) {
      return plan instanceof OnnxEval eval ? eval.withNewChildInternal(with(child)) : null;
    }
    if (plan instanceof Project project) {
      List<NamedExpression> list = new ArrayList<>(Sequences.list(project.projectList()));
      columns.forEach(column -> list.add((NamedExpression) column.toAttribute()));
      return new Project(Sequences.seq(list), deeper);
    }
    return plan.withNewChildren(Sequences.of(deeper));
  }

  private LogicalPlan with(LogicalPlan child) {
    List<NamedExpression> list = new ArrayList<>(Sequences.list(child.output()));
    list.addAll(columns);
    return new Project(Sequences.seq(list), child);
  }
}
