package io.sparkonnx.spark.score;

import io.sparkonnx.spark.cli.Main;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * A scoring job: one run, one for each part of a back-fill, or one of what is new. Runs that are
 * done are not made again.
 */
public final class ScoreJob {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final JobSpec spec;
  private final SparkSession spark;

  public ScoreJob(JobSpec spec, SparkSession spark) {
    this.spec = spec;
    this.spark = spark;
  }

  /** The command {@code score}, for {@code spark-submit}. */
  public static void main(String[] args) {
    List<String> command = new ArrayList<>(List.of("score"));
    command.addAll(List.of(args));
    Main.main(command.toArray(String[]::new));
  }

  /**
   * A run and how it came about.
   *
   * @param manifest what is known of it
   * @param before whether it was done before
   */
  public record Outcome(RunManifest manifest, boolean before) {

    /** How a process ends that made this run. */
    public ExitStatus status() {
      return manifest.exitStatus();
    }
  }

  /**
   * Makes the runs that are not done yet.
   *
   * @param each hears of each run that is there
   * @throws ScoreException if the job cannot be run, or a run is refused
   */
  public void run(Consumer<Outcome> each) throws IOException, InterruptedException {
    RunStore store = store();
    RunSink sink = RunSink.of(spec.output(), store, spark);
    JobPlan plan = JobPlan.of(spec, spark);
    JobMetrics metrics = JobMetrics.of(spark);
    try (RunLock lock = RunLock.acquire(store, spec.runId())) {
      Publication.recover(store, sink);
      JobRun.Place place = new JobRun.Place(store, sink, lock, metrics);
      if (spec.incremental()) {
        new IncrementalRuns(plan, place).make(spark, each);
        return;
      }
      for (String part : plan.parts()) {
        each.accept(new JobRun(plan, place, runId(part), part).make(spark));
      }
    }
  }

  /** What would be done, in lines for people; nothing is written. */
  public List<String> describe() throws IOException {
    RunStore store = store();
    RunSink sink = RunSink.of(spec.output(), store, spark);
    JobPlan plan = JobPlan.of(spec, spark);
    List<String> lines = new ArrayList<>(plan.lines());
    if (spec.incremental()) {
      lines.add(
          JobPlan.line("run", IncrementalRuns.runId(spec.runId(), 0) + " and on: would be made"));
      return lines;
    }
    for (String part : plan.parts()) {
      boolean named = part != null || spec.runId() != null;
      String runId = named ? runId(part) : "a new id";
      boolean done = named && store.find(runId).isPresent();
      if (named && !done) {
        sink.check(runId, plan.written());
      }
      lines.add(JobPlan.line("run", runId + (done ? ": is done" : ": would be made")));
    }
    return lines;
  }

  private RunStore store() {
    return RunStore.of(spec.output().folder(), spark.sparkContext().hadoopConfiguration());
  }

  /** The job's id, the value of a part, or both; what an id may not have becomes a hyphen. */
  private String runId(String part) {
    if (part == null) {
      return spec.runId() == null
          ? ID.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8)
          : spec.runId();
    }
    String value = part.replaceAll("[^A-Za-z0-9._-]", "-");
    return spec.runId() == null ? value : spec.runId() + "-" + value;
  }
}
