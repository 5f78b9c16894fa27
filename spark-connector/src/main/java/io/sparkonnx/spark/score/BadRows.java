package io.sparkonnx.spark.score;

/**
 * What becomes of rows that the model cannot take.
 *
 * @param policy what each of them does
 * @param maxShare of all rows from 0 to 1, above which the run fails
 * @param side where they go under the policy {@link Policy#SIDE}, else null
 */
record BadRows(Policy policy, double maxShare, SideOutput side) {

  /** What a bad row does. */
  enum Policy {
    /** It ends the job with its cause. */
    FAIL,
    /** Its result is NULL. */
    NULL,
    /** It goes to an output of its own, with the error. */
    SIDE
  }
}
