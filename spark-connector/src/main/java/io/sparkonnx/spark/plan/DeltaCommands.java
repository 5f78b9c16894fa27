package io.sparkonnx.spark.plan;

import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * Delta Lake's UPDATE, DELETE and MERGE. A command holds its expressions and runs queries with
 * them, which are analysed and planned like any other.
 */
final class DeltaCommands {
  private static final String PACKAGE = "org.apache.spark.sql.delta.commands.";
  private static final String MERGE = PACKAGE + "MergeIntoCommand";
  private static final Set<String> NAMES =
      Set.of(PACKAGE + "UpdateCommand", PACKAGE + "DeleteCommand", MERGE);

  private static final String ADD_CONSTRAINT =
      "org.apache.spark.sql.catalyst.plans.logical.AlterTableAddConstraint";

  private DeltaCommands() {}

  /** The text of the CHECK constraint that an ALTER TABLE adds; null for other nodes. */
  static String addedConstraint(LogicalPlan node) {
    return node.getClass().getName().equals(ADD_CONSTRAINT)
        ? (String) node.productElement(2)
        : null;
  }

  static boolean is(LogicalPlan node) {
    return NAMES.contains(node.getClass().getName());
  }

  /** Whether the ON condition of a MERGE calls a model over columns of both tables. */
  static boolean mergesByTwoSides(LogicalPlan node) {
    if (!node.getClass().getName().equals(MERGE)) {
      return false;
    }
    LogicalPlan source = (LogicalPlan) node.productElement(0);
    LogicalPlan target = (LogicalPlan) node.productElement(1);
    return Sequences.list(node.productIterator().toSeq()).stream()
        .anyMatch(
            element ->
                element instanceof Expression condition
                    && TwoSidedCalls.in(condition, source, target));
  }
}
