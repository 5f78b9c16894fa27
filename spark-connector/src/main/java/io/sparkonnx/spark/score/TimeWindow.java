package io.sparkonnx.spark.score;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * Rows of a span of time.
 *
 * @param column a date or timestamp
 * @param since a date or time at or after which rows are, or null
 * @param asOf a date or time before which rows are, or null
 */
record TimeWindow(String column, String since, String asOf) {

  /** Whether a text is a date or a time of ISO 8601, with or without an offset. */
  static boolean isTime(String text) {
    try {
      if (text.length() <= 10) {
        LocalDate.parse(text);
      } else {
        DateTimeFormatter.ISO_DATE_TIME.parse(text);
      }
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Whether rows of a column's type have a time. */
  static boolean takes(DataType type) {
    return type.equals(DataTypes.DateType)
        || type.equals(DataTypes.TimestampType)
        || type instanceof TimestampNTZType;
  }

  Dataset<Row> of(Dataset<Row> rows) {
    Column time = rows.col("`" + column.replace("`", "``") + "`");
    DataType type = rows.select(time).schema().apply(0).dataType();
    DataType bound = type instanceof TimestampNTZType ? type : DataTypes.TimestampType;
    Dataset<Row> within = rows;
    if (since != null) {
      within = within.filter(time.geq(functions.lit(since).cast(bound)));
    }
    if (asOf != null) {
      within = within.filter(time.lt(functions.lit(asOf).cast(bound)));
    }
    return within;
  }
}
