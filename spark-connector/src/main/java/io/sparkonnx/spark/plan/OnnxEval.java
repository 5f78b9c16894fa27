package io.sparkonnx.spark.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionSet;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** The child's rows, each with the results of some model calls appended. */
public final class OnnxEval extends LogicalPlan implements UnaryNode {
  private final Seq<OnnxPredict> calls;
  private final Seq<Attribute> results;
  private final LogicalPlan child;

  /**
   * @param calls different calls over the child's columns
   * @param results one attribute for each call
   * @param child where the rows come from
   */
  public OnnxEval(Seq<OnnxPredict> calls, Seq<Attribute> results, LogicalPlan child) {
    this.calls = calls;
    this.results = results;
    this.child = child;
  }

  /** A new attribute for the result of a call. */
  static Attribute resultOf(OnnxPredict call) {
    return new AttributeReference(
        "prediction",
        call.dataType(),
        call.nullable(),
        Metadata.empty(),
        NamedExpression$.MODULE$.newExprId(),
        Sequences.seq(List.of()));
  }

  public Seq<OnnxPredict> calls() {
    return calls;
  }

  public Seq<Attribute> results() {
    return results;
  }

  @Override
  public LogicalPlan child() {
    return child;
  }

  @Override
  public Seq<Attribute> output() {
    return Sequences.concat(child.output(), results);
  }

  @Override
  public AttributeSet producedAttributes() {
    return AttributeSet$.MODULE$.apply(Sequences.<Expression>seq(Sequences.list(results)));
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public Option<Object> maxRows() {
    return child.maxRows();
  }

  @Override
  public Option<Object> maxRowsPerPartition() {
    return child.maxRowsPerPartition();
  }

  @Override
  public ExpressionSet validConstraints() {
    return child.constraints();
  }

  @Override
  public Seq<LogicalPlan> children() {
    return Sequences.of(child);
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
    return withNewChildInternal(newChildren.head());
  }

  @Override
  public LogicalPlan withNewChildInternal(LogicalPlan newChild) {
    return new OnnxEval(calls, results, newChild);
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int n) {
    return switch (n) {
      case 0 -> calls;
      case 1 -> results;
      default -> child;
    };
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof OnnxEval;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OnnxEval that
        && calls.equals(that.calls)
        && results.equals(that.results)
        && child.equals(that.child);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * calls.hashCode() + results.hashCode()) + child.hashCode();
  }
}
