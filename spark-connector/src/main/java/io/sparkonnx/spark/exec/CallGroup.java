package io.sparkonnx.spark.exec;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * Calls that run on the same rows of the child.
 *
 * @param condition which rows, over the child's columns; null for all
 * @param arguments what to compute from such a row to get the row of arguments; empty where all
 *     arguments are columns of the child, and ordinals point into the child's row
 * @param calls the calls
 */
record CallGroup(Expression condition, List<Expression> arguments, List<CallPlan> calls)
    implements Serializable {

  /** Whether the child's columns are the arguments of all rows. */
  boolean takesWholeColumns() {
    return condition == null && argumentsAreColumns();
  }

  boolean argumentsAreColumns() {
    return arguments.isEmpty();
  }
}
