package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.Seq;

/**
 * Where ROLLUP, CUBE and GROUPING SETS multiply rows, calls run before that.
 *
 * <pre>
 * OnnxEval [onnx_predict(m, a)] [p]    Expand [[a, k, p], [a, null, p]]
 * +- Expand [[a, k], [a, null]]    ⇒   +- OnnxEval [onnx_predict(m, a)] [p]
 *    +- child                             +- child
 * </pre>
 */
final class EvalBelowExpand {
  private EvalBelowExpand() {}

  static LogicalPlan place(List<OnnxPredict> calls, List<Attribute> results, LogicalPlan child) {
    if (child instanceof Expand expand && keeps(expand, calls)) {
      List<Seq<Expression>> projections = new ArrayList<>();
      for (Seq<Expression> projection : Sequences.list(expand.projections())) {
        projections.add(Sequences.concat(projection, Sequences.seq(results)));
      }
      return expand.copy(
          Sequences.seq(projections),
          Sequences.concat(expand.output(), Sequences.seq(results)),
          new OnnxEval(Sequences.seq(calls), Sequences.seq(results), expand.child()));
    }
    return new OnnxEval(Sequences.seq(calls), Sequences.seq(results), child);
  }

  /** Whether every column that the calls need comes through each projection unchanged. */
  private static boolean keeps(Expand expand, List<OnnxPredict> calls) {
    List<Attribute> output = Sequences.list(expand.output());
    for (OnnxPredict call : calls) {
      AttributeSet needed = call.references();
      if (!needed.subsetOf(expand.child().outputSet())) {
        return false;
      }
      for (int i = 0; i < output.size(); i++) {
        Attribute column = output.get(i);
        int at = i;
        if (needed.contains((org.apache.spark.sql.catalyst.expressions.NamedExpression) column)
            && !expand.projections().forall(p -> p.apply(at).semanticEquals((Expression) column))) {
          return false;
        }
      }
    }
    return true;
  }
}
