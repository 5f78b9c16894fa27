package io.sparkonnx.spark.bind;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;

/** Arguments that bind by position alone. */
public final class Positions {
  private Positions() {}

  /**
   * Refuses {@code name => value}, which Spark gives on as it is to a function that does not look
   * at names.
   *
   * @param instead what to write instead, of which the name is known by {@code %s}
   */
  public static void require(String function, List<Expression> arguments, String instead) {
    for (Expression argument : arguments) {
      if (argument instanceof NamedArgumentExpression named) {
        throw OnnxCondition.ONNX_ARGUMENTS.raise(
            function
                + " takes no named argument, as "
                + named.key()
                + " => is; "
                + instead.replace("%s", named.key()));
      }
    }
  }
}
