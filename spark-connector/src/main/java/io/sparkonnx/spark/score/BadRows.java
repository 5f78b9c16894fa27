package io.sparkonnx.spark.score;

/**
 * What becomes of rows that the model cannot take.
 *
 * @param policy what each of them does
 * @param maxShare of all rows from 0 to 1, above which the run fails
 */
record BadRows(Policy policy, double maxShare) {

  /** What a bad row does. */
  enum Policy {
    /** It ends the job with its cause. */
    FAIL,
    /** Its result is NULL. */
    NULL
  }
}
