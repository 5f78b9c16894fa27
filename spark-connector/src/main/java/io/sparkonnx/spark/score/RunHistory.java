package io.sparkonnx.spark.score;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/** The runs of an output, for people. */
public final class RunHistory {
  private static final String ROW = "%-28s %-20s %-11s %14s %10s %8s %9s %6s %9s %-12s";

  private final String output;
  private final RunStore store;

  /**
   * @param output the folder that the jobs write, or the one of their state
   * @throws ScoreException if its file system cannot be reached
   */
  public RunHistory(String output) {
    this.output = output;
    this.store = RunStore.of(output, new Configuration());
  }

  /**
   * All runs that are done, in the order in which they started.
   *
   * @throws ScoreException NO_RUN if there is none, and none that failed
   */
  public List<RunManifest> runs() throws IOException {
    List<RunManifest> runs = store.runs();
    if (runs.isEmpty() && store.failures().isEmpty()) {
      throw new ScoreException(ScoreException.Code.NO_RUN, "there are no runs in " + output);
    }
    return runs;
  }

  /** Runs that did not come to their end and are not done, in the order in which they started. */
  public List<FailedRun> failures() throws IOException {
    return store.failures();
  }

  /** The runs as a table; below one that failed stands why. */
  public List<String> table() throws IOException {
    record Line(String started, List<String> text) {}
    List<Line> lines = new ArrayList<>();
    for (RunManifest run : runs()) {
      lines.add(new Line(run.started(), List.of(row(run))));
    }
    for (FailedRun run : failures()) {
      lines.add(new Line(run.started(), List.of(row(run), "    " + run.error())));
    }
    lines.sort(Comparator.comparing(Line::started));
    List<String> table = new ArrayList<>();
    table.add(
        row(
            "run", "started", "status", "rows", "bad", "bad %", "seconds", "device", "drift",
            "model"));
    lines.forEach(line -> table.addAll(line.text()));
    return table;
  }

  private static String row(RunManifest run) {
    RunManifest.RowCounts rows = run.rows();
    return row(
        run.runId(),
        seconds(run.started()),
        run.status(),
        number("%,d", rows.written()),
        number("%,d", rows.bad()),
        percent(rows.bad(), rows.written() + rows.side()),
        number("%.1f", run.seconds().get("total")),
        run.device().onDevice() > 0 ? "gpu" : "cpu",
        run.drift() == null ? "-" : largest(run.drift()),
        run.model().sha256().substring(0, 12));
  }

  private static String row(FailedRun run) {
    FailedRun.RowsSoFar rows = run.rows();
    Duration time = Duration.between(Instant.parse(run.started()), Instant.parse(run.ended()));
    return row(
        run.runId(),
        seconds(run.started()),
        run.status(),
        number("%,d", rows.scored()),
        number("%,d", rows.bad()),
        percent(rows.bad(), rows.scored()),
        run.status().equals("failed") ? number("%.1f", time.toMillis() / 1000.0) : "-",
        "-",
        "-",
        run.model().sha256().substring(0, 12));
  }

  private static String seconds(String time) {
    return time.replaceAll("\\..*", "Z");
  }

  private static String percent(long bad, long all) {
    return number("%.3f", all == 0 ? 0.0 : 100.0 * bad / all);
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
