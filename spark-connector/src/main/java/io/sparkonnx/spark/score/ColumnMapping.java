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

/**
 * Which columns go into which input of a model.
 *
 * @param signature what the model takes
 * @param named columns by input; empty to take the columns that carry the inputs' names
 */
record ColumnMapping(Signature signature, Map<String, List<String>> named) {

  /**
   * The arguments of the call.
   *
   * @throws ScoreException if an input or a column is unknown; all problems at once
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
        problems.add("--inputs says nothing of input '" + input + "'");
        continue;
      }
      for (String column : columnsOf(input)) {
        if (!present.contains(column)) {
          problems.add("the rows have no column '" + column + "' for input '" + input + "'");
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ScoreException(
          "WRONG_INPUTS",
          String.join("; ", problems)
              + "; the model takes "
              + signature.inputs()
              + ", the rows have "
              + present
              + "; map them by --inputs INPUT=COLUMN[,COLUMN...]");
    }
    return arguments(rows, inputs);
  }

  private List<String> columnsOf(String input) {
    return named.isEmpty() ? List.of(input) : named.get(input);
  }

  private Column[] arguments(Dataset<Row> rows, List<String> inputs) {
    if (inputs.size() == 1) {
      return columnsOf(inputs.get(0)).stream().map(rows::col).toArray(Column[]::new);
    }
    return inputs.stream().map(input -> argument(rows, columnsOf(input))).toArray(Column[]::new);
  }

  private static Column argument(Dataset<Row> rows, List<String> columns) {
    return columns.size() == 1
        ? rows.col(columns.get(0))
        : org.apache.spark.sql.functions.array(
            columns.stream().map(rows::col).toArray(Column[]::new));
  }
}
