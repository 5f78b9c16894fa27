package io.sparkonnx.spark.score;

import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.Signature.Port;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.ExpressionUtils;

/**
 * Which expressions go into which input of a model.
 *
 * @param signature what the model takes
 * @param named expressions in SQL by input, several separated by commas; empty to take the columns
 *     that carry the inputs' names
 */
record ColumnMapping(Signature signature, Map<String, String> named) {

  /**
   * The arguments of the call.
   *
   * @throws ScoreException WRONG_INPUTS if an input or a column is unknown; all problems at once
   */
  Column[] columns(Dataset<Row> rows) {
    List<String> inputs = signature.inputs().stream().map(Port::name).toList();
    List<String> present = Arrays.asList(rows.columns());
    List<String> problems = new ArrayList<>();
    for (String input : named.keySet()) {
      if (!inputs.contains(input)) {
        problems.add("the model has no input '" + input + "'");
      }
    }
    for (String input : inputs) {
      if (!named.isEmpty() && !named.containsKey(input)) {
        problems.add("the mapping says nothing of input '" + input + "'");
        continue;
      }
      for (String column : missing(input, present)) {
        problems.add("the rows have no column '" + column + "' for input '" + input + "'");
      }
    }
    if (!problems.isEmpty()) {
      throw new ScoreException(
          ScoreException.Code.WRONG_INPUTS,
          String.join("; ", problems)
              + "; the model takes "
              + signature.inputs()
              + ", the rows have "
              + present
              + "; map them by --inputs INPUT=EXPRESSION[,EXPRESSION...] or the key mapping");
    }
    return inputs.size() == 1
        ? expressions(rows, inputs.get(0)).toArray(Column[]::new)
        : inputs.stream().map(input -> argument(expressions(rows, input))).toArray(Column[]::new);
  }

  /** What fills an input, in SQL. */
  String text(String input) {
    return named.isEmpty() ? input : named.get(input);
  }

  private List<String> missing(String input, List<String> present) {
    if (named.isEmpty()) {
      return present.stream().anyMatch(input::equalsIgnoreCase) ? List.of() : List.of(input);
    }
    return SqlText.list(named.get(input)).stream()
        .flatMap(expression -> SqlText.missing(expression, present).stream())
        .toList();
  }

  private List<Column> expressions(Dataset<Row> rows, String input) {
    return named.isEmpty()
        ? List.of(rows.col(input))
        : SqlText.list(named.get(input)).stream().map(ExpressionUtils::column).toList();
  }

  private static Column argument(List<Column> expressions) {
    return expressions.size() == 1
        ? expressions.get(0)
        : org.apache.spark.sql.functions.array(expressions.toArray(Column[]::new));
  }
}
