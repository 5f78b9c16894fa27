package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.OutputSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * A call of which only some fields are read computes these outputs only, from the arguments that
 * they need.
 *
 * <pre>
 * Project [prediction.label]                    Project [label]
 * +- OnnxEval [onnx_predict(m, a, b)]       ⇒   +- OnnxEval [onnx_predict(m, a)]
 * </pre>
 */
final class PruneOutputs {
  /** For results with fields, the fields that are read; null where the whole is. */
  private final Map<ExprId, TreeSet<Integer>> read = new HashMap<>();

  private final Map<ExprId, Attribute> narrowed = new HashMap<>();

  private PruneOutputs() {}

  static LogicalPlan apply(LogicalPlan plan) {
    PruneOutputs pruning = new PruneOutputs();
    pruning.collectResults(plan);
    if (pruning.read.isEmpty()) {
      return plan;
    }
    pruning.readWhole(plan.output());
    pruning.collectReads(plan);
    LogicalPlan pruned = pruning.narrow(plan);
    return pruning.narrowed.isEmpty() ? plan : pruned;
  }

  private void collectResults(LogicalPlan plan) {
    if (plan instanceof OnnxEval eval) {
      for (int i = 0; i < eval.calls().size(); i++) {
        if (canBeNarrowed(eval.calls().apply(i).call())) {
          read.put(eval.results().apply(i).exprId(), new TreeSet<>());
        }
      }
    }
    Sequences.list(plan.children()).forEach(this::collectResults);
  }

  /**
   * A lenient call stays whole: a field of its result is NULL where the whole is, also for what
   * only the other outputs refuse.
   */
  private static boolean canBeNarrowed(BoundCall call) {
    return call.outputs().size() > 1 && !call.options().lenient();
  }

  private void readWhole(Seq<Attribute> attributes) {
    for (Attribute attribute : Sequences.list(attributes)) {
      readWhole(attribute.exprId());
    }
  }

  private void readWhole(ExprId result) {
    read.computeIfPresent(result, (id, fields) -> null);
  }

  private void collectReads(LogicalPlan plan) {
    for (LogicalPlan child : Sequences.list(plan.children())) {
      if (!readsByName(plan)) {
        readWhole(child.output());
      }
      collectReads(child);
    }
    for (Expression expression : Sequences.list(plan.expressions())) {
      boolean passes = plan instanceof Project || plan instanceof OnnxEval;
      if (!passes || !(expression instanceof AttributeReference)) {
        collectReads(expression);
      }
    }
  }

  /** Whether the node reads those columns only that stand in its expressions. */
  private static boolean readsByName(LogicalPlan plan) {
    return plan instanceof Project
        || plan instanceof Aggregate
        || plan instanceof Filter
        || plan instanceof Sort
        || plan instanceof LocalLimit
        || plan instanceof GlobalLimit
        || plan instanceof Offset
        || plan instanceof Join
        || plan instanceof Window
        || plan instanceof Generate
        || plan instanceof RepartitionOperation
        || plan instanceof OnnxEval;
  }

  private void collectReads(Expression expression) {
    if (expression instanceof GetStructField field && resultOf(field) != null) {
      read.computeIfPresent(
          resultOf(field).exprId(),
          (id, fields) -> {
            fields.add(field.ordinal());
            return fields;
          });
    } else if (expression instanceof AttributeReference attribute) {
      readWhole(attribute.exprId());
    } else {
      Sequences.list(expression.children()).forEach(this::collectReads);
    }
  }

  private static AttributeReference resultOf(GetStructField field) {
    return field.child() instanceof AttributeReference attribute ? attribute : null;
  }

  private LogicalPlan narrow(LogicalPlan plan) {
    LogicalPlan below = plan.mapChildren(this::narrow);
    LogicalPlan renamed =
        (LogicalPlan) below.mapExpressions(e -> Calls.replace(e, this::overNarrowed));
    return renamed instanceof OnnxEval eval ? narrow(eval) : renamed;
  }

  private LogicalPlan narrow(OnnxEval eval) {
    List<OnnxPredict> calls = new ArrayList<>();
    List<Attribute> results = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < eval.calls().size(); i++) {
      OnnxPredict call = eval.calls().apply(i);
      Attribute result = eval.results().apply(i);
      TreeSet<Integer> fields = read.get(result.exprId());
      OnnxPredict kept = fields == null || fields.isEmpty() ? call : keeping(call, fields);
      calls.add(kept);
      results.add(kept == call ? result : OnnxEval.resultOf(kept));
      if (kept != call) {
        narrowed.put(result.exprId(), results.get(i));
        changed = true;
      }
    }
    return changed
        ? new OnnxEval(Sequences.seq(calls), Sequences.seq(results), eval.child())
        : eval;
  }

  private static OnnxPredict keeping(OnnxPredict call, TreeSet<Integer> fields) {
    List<OutputSlot> all = call.call().outputs();
    List<OutputSlot> kept = fields.stream().map(all::get).toList();
    List<Integer> needed = call.call().argumentsFor(kept);
    if (kept.size() == all.size() || needed.isEmpty()) {
      return call;
    }
    return new OnnxPredict(
        call.call().keeping(kept),
        Sequences.seq(needed.stream().map(call.arguments()::apply).toList()),
        call.condition());
  }

  /** What stands above a narrowed result, over the attribute that it has become. */
  private Expression overNarrowed(Expression expression) {
    if (expression instanceof GetStructField field && resultOf(field) != null) {
      ExprId old = resultOf(field).exprId();
      Attribute result = narrowed.get(old);
      if (result == null) {
        return null;
      }
      TreeSet<Integer> fields = read.get(old);
      Expression value = (Expression) result;
      return fields.size() == 1
          ? value
          : new GetStructField(
              value,
              fields.headSet(field.ordinal()).size(),
              Option.apply(field.extractFieldName()));
    }
    if (expression instanceof AttributeReference attribute) {
      return (Expression) narrowed.getOrDefault(attribute.exprId(), attribute);
    }
    return null;
  }
}
