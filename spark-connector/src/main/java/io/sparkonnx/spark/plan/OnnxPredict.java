package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.BoundCall;
import java.io.Serializable;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A call of a model on one row's values. It stands for its result until {@link LiftOnnxPredict}
 * moves it into an {@link OnnxEval}; it cannot be evaluated by itself.
 */
public final class OnnxPredict extends Expression implements Unevaluable, Serializable {
  private static final long serialVersionUID = 1L;

  private final BoundCall call;
  private final Seq<Expression> arguments;

  /**
   * @param call the model and how the arguments fill its inputs
   * @param arguments in the order of the call's slots
   */
  public OnnxPredict(BoundCall call, Seq<Expression> arguments) {
    this.call = call;
    this.arguments = arguments;
  }

  public BoundCall call() {
    return call;
  }

  public Seq<Expression> arguments() {
    return arguments;
  }

  @Override
  public DataType dataType() {
    return call.resultType();
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public boolean foldable() {
    return false;
  }

  /** Scoring is dear: rules must not copy the call or move it below a filter. */
  @Override
  public boolean expensive() {
    return true;
  }

  /** A row may be refused, so the call must not move to rows that a filter or join removes. */
  @Override
  public boolean throwable() {
    return true;
  }

  @Override
  public Object eval(InternalRow input) {
    throw new IllegalStateException(this + " can only be evaluated in batches by OnnxEvalExec");
  }

  @Override
  public ExprCode doGenCode(CodegenContext ctx, ExprCode ev) {
    throw new IllegalStateException(this + " can only be evaluated in batches by OnnxEvalExec");
  }

  @Override
  public Seq<Expression> children() {
    return arguments;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new OnnxPredict(call, newChildren);
  }

  @Override
  public String prettyName() {
    return "onnx_predict";
  }

  @Override
  public String toString() {
    return text(Expression::toString);
  }

  @Override
  public String sql() {
    return text(Expression::sql);
  }

  private String text(java.util.function.Function<Expression, String> print) {
    return Sequences.list(arguments).stream()
        .map(print)
        .collect(Collectors.joining(", ", "onnx_predict(" + call.model().fileName() + ", ", ")"));
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int n) {
    return n == 0 ? call : arguments;
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof OnnxPredict;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OnnxPredict that
        && call.equals(that.call)
        && arguments.equals(that.arguments);
  }

  @Override
  public int hashCode() {
    return 31 * call.hashCode() + arguments.hashCode();
  }
}
