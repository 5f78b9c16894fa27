package io.sparkonnx.spark.score;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A run for each value of a column.
 *
 * @param column whose values are taken
 * @param from the least value
 * @param to the greatest value
 */
record Backfill(String column, String from, String to) {

  /** The values that rows have, in their order, as texts. */
  List<String> values(Dataset<Row> rows) {
    Column values = column(rows);
    return rows
        .filter(values.geq(bound(rows, from)).and(values.leq(bound(rows, to))))
        .select(values.as("value"))
        .distinct()
        .orderBy("value")
        .select(functions.col("value").cast(DataTypes.StringType))
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** The rows with one of the values. */
  Dataset<Row> of(Dataset<Row> rows, String value) {
    return rows.filter(column(rows).equalTo(bound(rows, value)));
  }

  private Column column(Dataset<Row> rows) {
    return rows.col("`" + column.replace("`", "``") + "`");
  }

  private Column bound(Dataset<Row> rows, String value) {
    DataType type = rows.select(column(rows)).schema().apply(0).dataType();
    return functions.lit(value).cast(type);
  }
}
