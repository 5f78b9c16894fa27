package io.sparkonnx.cluster;

import org.apache.spark.sql.SparkSession;

/**
 * A driver that runs the SQL statements that are its arguments, one after the other. A statement
 * after {@value #MAY_FAIL} may fail; the message is printed.
 */
public final class QueryProgram {
  static final String MAY_FAIL = "may fail: ";
  static final String FAILED = "FAILED: ";

  private QueryProgram() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] statements) {
    SparkSession spark = SparkSession.builder().getOrCreate();
    for (String statement : statements) {
      if (statement.startsWith(MAY_FAIL)) {
        try {
          spark.sql(statement.substring(MAY_FAIL.length()));
        } catch (Exception e) {
          System.out.println(FAILED + e.getMessage());
        }
      } else {
        spark.sql(statement);
      }
    }
    spark.stop();
  }
}
