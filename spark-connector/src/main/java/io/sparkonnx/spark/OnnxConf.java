package io.sparkonnx.spark;

import org.apache.spark.sql.internal.SQLConf;

/**
 * The session's settings, read when a query is planned.
 *
 * @param batchSize rows of one run at most, {@value #BATCH_SIZE}
 */
public record OnnxConf(int batchSize) {
  public static final String BATCH_SIZE = "spark.onnx.batchSize";
  public static final int DEFAULT_BATCH_SIZE = 4096;

  public OnnxConf {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          BATCH_SIZE + " is " + batchSize + "; at least 1 is needed");
    }
  }

  public static OnnxConf of(SQLConf session) {
    String rows = session.getConfString(BATCH_SIZE, String.valueOf(DEFAULT_BATCH_SIZE));
    try {
      return new OnnxConf(Integer.parseInt(rows.trim()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          BATCH_SIZE + " is '" + rows + "'; a number of rows is needed", e);
    }
  }
}
