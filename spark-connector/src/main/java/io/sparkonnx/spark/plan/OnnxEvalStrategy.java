package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans {@link OnnxEval}. */
public final class OnnxEvalStrategy extends SparkStrategy {
  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    if (plan instanceof OnnxEval eval) {
      return Sequences.of(new OnnxEvalExec(eval.calls(), eval.results(), planLater(eval.child())));
    }
    return Sequences.seq(List.of());
  }
}
