package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.OnnxExtensions;
import java.util.List;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.ColumnDefinition;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.ReplaceTable;
import org.apache.spark.sql.catalyst.plans.logical.TableSpec;
import org.apache.spark.sql.catalyst.plans.logical.TableSpecBase;
import org.apache.spark.sql.catalyst.plans.logical.V2CreateTablePlan;
import org.apache.spark.sql.connector.catalog.constraints.Check;
import org.apache.spark.sql.connector.catalog.constraints.Constraint;

/**
 * Calls in the definition of a table, where Spark keeps expressions as texts: others that write to
 * the table evaluate them row by row.
 */
final class TableDefinitions {
  private TableDefinitions() {}

  /** Raises ONNX_CALL_PLACE for calls in generated columns and constraints. */
  static void check(V2CreateTablePlan table) {
    for (ColumnDefinition column : Sequences.list(table.columns())) {
      if (column.generationExpression().exists(TableDefinitions::calls)) {
        throw CheckCalls.refused(
            "cannot be called in the generated column " + column.name(),
            "compute it in the query that writes the table");
      }
    }
    if (spec(table) instanceof TableSpec spec) {
      for (Constraint constraint : Sequences.list(spec.constraints())) {
        if (constraint instanceof Check check) {
          checkConstraint(check.predicateSql());
        }
      }
    }
  }

  /** Raises ONNX_CALL_PLACE for calls in the condition of a constraint. */
  static void checkConstraint(String sql) {
    if (calls(sql)) {
      throw inConstraint();
    }
  }

  private static TableSpecBase spec(V2CreateTablePlan table) {
    if (table instanceof CreateTable create) {
      return create.tableSpec();
    }
    return table instanceof ReplaceTable replace ? replace.tableSpec() : null;
  }

  static RuntimeException inConstraint() {
    return CheckCalls.refused(
        "cannot be called in a CHECK constraint",
        "store its result in a column and check that column");
  }

  private static boolean calls(String sql) {
    Expression parsed = CatalystSqlParser$.MODULE$.parseExpression(sql);
    return parsed.exists(e -> e instanceof UnresolvedFunction function && isCall(function));
  }

  private static boolean isCall(UnresolvedFunction function) {
    String name = function.nameParts().last();
    return List.of(OnnxExtensions.FUNCTION, OnnxExtensions.TRY_FUNCTION).stream()
        .anyMatch(name::equalsIgnoreCase);
  }
}
