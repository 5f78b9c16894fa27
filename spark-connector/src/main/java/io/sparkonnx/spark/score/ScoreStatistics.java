package io.sparkonnx.spark.score;

import java.util.List;

/**
 * The distribution of a score over the rows of a run.
 *
 * @param count finite values
 * @param missing rows where it is NULL, NaN or infinite
 * @param min least finite value; null where there is none
 * @param max greatest finite value; null where there is none
 * @param mean of the finite values; null where there is none
 * @param percentiles the 99 percentiles, approximate to 0.1 % of the rows; empty where there is no
 *     finite value
 */
public record ScoreStatistics(
    long count, long missing, Double min, Double max, Double mean, List<Double> percentiles) {
  /** How many percentiles there are. */
  static final int PERCENTILES = 99;
}
