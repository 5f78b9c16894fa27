package io.sparkonnx.spark.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import scala.Option;

/** Expressions as new columns. */
final class Aliases {
  private Aliases() {}

  static Alias of(Expression value, String name) {
    return new Alias(
        value,
        name,
        NamedExpression$.MODULE$.newExprId(),
        Sequences.seq(List.of()),
        Option.empty(),
        Sequences.seq(List.of()));
  }
}
