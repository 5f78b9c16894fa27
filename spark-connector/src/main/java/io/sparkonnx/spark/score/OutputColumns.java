package io.sparkonnx.spark.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Compares the columns of a run with those of a table that is there. */
final class OutputColumns {
  private OutputColumns() {}

  /** The columns of a run with that of its id at the end. */
  static StructType withRun(StructType columns) {
    return columns.add(RunStore.RUN_COLUMN, DataTypes.StringType);
  }

  /**
   * Compares names.
   *
   * @param table that is written
   * @param there its columns
   * @param columns of the run
   * @throws ScoreException WRONG_OUTPUT if the table lacks some
   */
  static void checkNames(String table, StructType there, StructType columns) {
    List<String> missing = new ArrayList<>();
    Map<String, DataType> types = types(there);
    for (String column : columns.fieldNames()) {
      if (!types.containsKey(column)) {
        missing.add("has no column '" + column + "'");
      }
    }
    refuse(table, missing, columns);
  }

  /**
   * Compares names and types.
   *
   * @throws ScoreException WRONG_OUTPUT if the table lacks some or has them with other types
   */
  static void checkTypes(String table, StructType there, StructType columns) {
    List<String> problems = new ArrayList<>();
    Map<String, DataType> types = types(there);
    for (StructField column : columns.fields()) {
      DataType type = types.get(column.name());
      if (type == null) {
        problems.add("has no column '" + column.name() + "'");
      } else if (!sameButNulls(type, column.dataType())) {
        problems.add("has '" + column.name() + "' of type " + type.simpleString());
      }
    }
    refuse(table, problems, columns);
  }

  /**
   * Compares all columns of both sides.
   *
   * @throws ScoreException WRONG_OUTPUT if one has what the other has not
   */
  static void checkEqual(String table, StructType there, StructType columns) {
    checkTypes(table, there, columns);
    Map<String, DataType> types = types(columns);
    refuse(
        table,
        Arrays.stream(there.fieldNames())
            .filter(column -> !types.containsKey(column))
            .map(column -> "has '" + column + "', which the run has not")
            .toList(),
        columns);
  }

  private static boolean sameButNulls(DataType one, DataType other) {
    return DataType.equalsIgnoreNullability(one, other);
  }

  private static Map<String, DataType> types(StructType columns) {
    Map<String, DataType> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (StructField column : columns.fields()) {
      types.put(column.name().toLowerCase(Locale.ROOT), column.dataType());
    }
    return types;
  }

  private static void refuse(String table, List<String> problems, StructType columns) {
    if (!problems.isEmpty()) {
      throw new ScoreException(
          ScoreException.Code.WRONG_OUTPUT,
          "output "
              + table
              + " "
              + String.join(", ", problems)
              + "; the run writes "
              + columns.simpleString());
    }
  }
}
