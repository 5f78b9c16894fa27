package io.sparkonnx.spark.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far scores have moved since another run.
 *
 * @param against id of the run before
 * @param psi population stability index by score, of those that both runs have: 0 for equal
 *     distributions; above 0.1 a change is usually looked at, above 0.25 it is a large one
 */
public record Drift(String against, Map<String, Double> psi) {
  private static final int CLASSES = 10;

  /** What a class without values counts as, since the index takes logarithms of shares. */
  private static final double LEAST_SHARE = 0.001;

  /** The drift of a run's scores against those of a run before. */
  static Drift between(RunManifest before, Map<String, ScoreStatistics> now) {
    Map<String, Double> psi = new LinkedHashMap<>();
    now.forEach(
        (score, statistics) -> {
          ScoreStatistics old = before.scores().get(score);
          if (old != null && !old.percentiles().isEmpty() && !statistics.percentiles().isEmpty()) {
            psi.put(score, psi(old.percentiles(), statistics.percentiles()));
          }
        });
    return new Drift(before.runId(), psi);
  }

  /**
   * Σ (q − p) · ln(q / p) over classes that are cut at the deciles of the run before.
   *
   * @param before its percentiles, ascending
   * @param now percentiles, ascending
   */
  static double psi(List<Double> before, List<Double> now) {
    double psi = 0;
    double belowBefore = 0;
    double belowNow = 0;
    for (int decile = 1; decile <= CLASSES; decile++) {
      double edge =
          decile == CLASSES
              ? Double.POSITIVE_INFINITY
              : before.get(decile * (ScoreStatistics.PERCENTILES + 1) / CLASSES - 1);
      double p = Math.max(LEAST_SHARE, share(before, edge) - belowBefore);
      double q = Math.max(LEAST_SHARE, share(now, edge) - belowNow);
      psi += (q - p) * StrictMath.log(q / p);
      belowBefore = share(before, edge);
      belowNow = share(now, edge);
    }
    return psi;
  }

  /** The share of values up to an edge. */
  private static double share(List<Double> percentiles, double edge) {
    long below = percentiles.stream().filter(value -> value <= edge).count();
    return below == percentiles.size() ? 1 : below / (percentiles.size() + 1.0);
  }
}
