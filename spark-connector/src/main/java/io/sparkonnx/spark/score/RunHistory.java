package io.sparkonnx.spark.score;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/** The runs of an output, for people. */
public final class RunHistory {
  private static final String ROW = "%-28s %-20s %14s %10s %8s %9s %6s %9s %-12s";

  private final String output;
  private final RunStore store;

  /**
   * @param output the folder that the jobs write
   * @throws ScoreException if its file system cannot be reached
   */
  public RunHistory(String output) {
    this.output = output;
    this.store = RunStore.of(output, new Configuration());
  }

  /**
   * All runs that are done, in the order in which they started.
   *
   * @throws ScoreException NO_RUN if there is none
   */
  public List<RunManifest> runs() throws IOException {
    List<RunManifest> runs = store.runs();
    if (runs.isEmpty()) {
      throw new ScoreException(ScoreException.Code.NO_RUN, "there are no runs in " + output);
    }
    return runs;
  }

  /** The runs as a table. */
  public List<String> table() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(row("run", "started", "rows", "bad", "bad %", "seconds", "device", "drift", "model"));
    for (RunManifest run : runs()) {
      RunManifest.RowCounts rows = run.rows();
      lines.add(
          row(
              run.runId(),
              run.started().replaceAll("\\..*", "Z"),
              number("%,d", rows.written()),
              number("%,d", rows.bad()),
              number("%.3f", rows.written() == 0 ? 0.0 : 100.0 * rows.bad() / rows.written()),
              number("%.1f", run.seconds().get("total")),
              run.device().onDevice() > 0 ? "gpu" : "cpu",
              run.drift() == null ? "-" : largest(run.drift()),
              run.model().sha256().substring(0, 12)));
    }
    return lines;
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, ROW, cells).stripTrailing();
  }

  private static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String largest(Drift drift) {
    return drift.psi().isEmpty()
        ? "-"
        : number("%.3f", drift.psi().values().stream().max(Double::compare).get());
  }

  /**
   * Two runs side by side.
   *
   * @throws ScoreException NO_RUN if one of them is not there
   */
  public List<String> comparison(String first, String second) throws IOException {
    RunManifest one = find(first);
    RunManifest other = find(second);
    List<String> lines = new ArrayList<>();
    lines.add(side("", first, second));
    lines.add(side("model", one.model().sha256(), other.model().sha256()));
    lines.add(side("rows", one.rows().written(), other.rows().written()));
    lines.add(side("bad rows", one.rows().bad(), other.rows().bad()));
    lines.add(side("seconds", one.seconds().get("total"), other.seconds().get("total")));
    Map<String, Double> psi = Drift.between(one, other.scores()).psi();
    TreeSet<String> scores = new TreeSet<>(one.scores().keySet());
    scores.addAll(other.scores().keySet());
    for (String score : scores) {
      ScoreStatistics left = one.scores().get(score);
      ScoreStatistics right = other.scores().get(score);
      lines.add(side(score + " mean", mean(left), mean(right)));
      lines.add(side(score + " min", min(left), min(right)));
      lines.add(side(score + " max", max(left), max(right)));
      lines.add(side(score + " median", median(left), median(right)));
      if (psi.containsKey(score)) {
        lines.add(side(score + " drift", "", number("%.4f", psi.get(score))));
      }
    }
    return lines;
  }

  private RunManifest find(String runId) throws IOException {
    return store
        .find(runId)
        .orElseThrow(
            () ->
                new ScoreException(
                    ScoreException.Code.NO_RUN, "there is no run " + runId + " in " + output));
  }

  private static String side(Object... cells) {
    return String.format(Locale.ROOT, "%-32s %-24s %s", cells).stripTrailing();
  }

  private static Object mean(ScoreStatistics score) {
    return score == null ? null : score.mean();
  }

  private static Object min(ScoreStatistics score) {
    return score == null ? null : score.min();
  }

  private static Object max(ScoreStatistics score) {
    return score == null ? null : score.max();
  }

  private static Object median(ScoreStatistics score) {
    return score == null || score.percentiles().isEmpty()
        ? null
        : score.percentiles().get(ScoreStatistics.PERCENTILES / 2);
  }
}
