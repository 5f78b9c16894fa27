package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.BoundCall;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import scala.Option;
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
  private final Option<Expression> condition;

  /**
   * @param call the model and how the arguments fill its inputs
   * @param arguments in the order of the call's slots
   * @param condition on which rows the model runs, none for all; the call is NULL on other rows,
   *     and its arguments are not computed there
   */
  public OnnxPredict(BoundCall call, Seq<Expression> arguments, Option<Expression> condition) {
    this.call = call;
    this.arguments = arguments;
    this.condition = condition;
  }

  /** A call on all rows. */
  public static OnnxPredict of(BoundCall call, List<Expression> arguments) {
    return new OnnxPredict(call, Sequences.seq(arguments), Option.empty());
  }

  /** This call on the rows that fulfil a condition only, whatever its condition was. */
  public OnnxPredict on(Expression rows) {
    return new OnnxPredict(call, arguments, Option.apply(rows));
  }

  public BoundCall call() {
    return call;
  }

  public Seq<Expression> arguments() {
    return arguments;
  }

  public Option<Expression> condition() {
    return condition;
  }

  @Override
  public DataType dataType() {
    return call.resultType();
  }

  @Override
  public boolean nullable() {
    return condition.isDefined() || call.options().lenient();
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
    return condition.isEmpty()
        ? arguments
        : Sequences.concat(arguments, Sequences.of(condition.get()));
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    List<Expression> all = Sequences.list(newChildren);
    int count = arguments.size();
    return new OnnxPredict(
        call,
        Sequences.seq(all.subList(0, count)),
        condition.isEmpty() ? condition : Option.apply(all.get(count)));
  }

  @Override
  public String prettyName() {
    return call.options().function();
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
        .collect(
            Collectors.joining(
                ", ",
                prettyName() + "(" + call.model().fileName() + ", ",
                condition.isEmpty() ? ")" : ") on " + print.apply(condition.get())));
  }

  @Override
  public int productArity() {
    return 3;
  }

  @Override
  public Object productElement(int n) {
    return switch (n) {
      case 0 -> call;
      case 1 -> arguments;
      default -> condition;
    };
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof OnnxPredict;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OnnxPredict that
        && call.equals(that.call)
        && arguments.equals(that.arguments)
        && condition.equals(that.condition);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * call.hashCode() + arguments.hashCode()) + condition.hashCode();
  }
}
