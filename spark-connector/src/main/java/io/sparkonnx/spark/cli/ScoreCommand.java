package io.sparkonnx.spark.cli;

import io.sparkonnx.spark.score.ExitStatus;
import io.sparkonnx.spark.score.JobReader;
import io.sparkonnx.spark.score.JobSpec;
import io.sparkonnx.spark.score.Packages;
import io.sparkonnx.spark.score.RunManifest;
import io.sparkonnx.spark.score.ScoreJob;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores rows with a model, as a job that can be started again. */
@Command(
    name = "score",
    description = "Read rows, add a model's output to each, write them.",
    footer = {
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage or input, 3 done with bad rows within the",
      "limit, 4 locked by another job."
    },
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  /** Set by the launcher when a person reads standard error. */
  private static final String TERMINAL = "sparkonnx.terminal";

  @Mixin private JobOptions jobOptions;

  @Option(names = "--dry-run", description = "Print what would be done; write nothing.")
  private boolean dryRun;

  @Mixin private SparkOptions sparkOptions;

  @Spec private CommandSpec spec;

  private ExitStatus status = ExitStatus.DONE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JobSpec job = JobReader.read(jobOptions.tree(sparkOptions.batchSize(), sparkOptions.device()));
    try (SparkSession spark = sparkOptions.open("spark-onnx score", settings(job))) {
      if (dryRun) {
        new ScoreJob(job, spark).describe().forEach(this::say);
      } else {
        try (Progress progress =
            new Progress(spec.commandLine().getErr(), Boolean.getBoolean(TERMINAL))) {
          spark.sparkContext().addSparkListener(progress);
          new ScoreJob(job, spark)
              .run(
                  outcome -> {
                    progress.close();
                    tell(outcome);
                  });
        }
      }
    }
    return status.code();
  }

  /** The job's settings, and what its formats need and nobody has set. */
  private static Map<String, String> settings(JobSpec job) {
    Map<String, String> settings = new LinkedHashMap<>(job.settings());
    Packages.settings(job)
        .forEach(
            (key, value) -> {
              if (System.getProperty(key) == null) {
                settings.put(key, value);
              }
            });
    return settings;
  }

  private void tell(Outcome outcome) {
    RunManifest run = outcome.manifest();
    if (outcome.status() != ExitStatus.DONE) {
      status = outcome.status();
    }
    if (outcome.before()) {
      say("run " + run.runId() + " is done since " + run.ended());
      return;
    }
    double seconds = run.seconds().get("total");
    long rows = run.rows().written() + run.rows().side();
    say(
        String.format(
            Locale.ROOT,
            "scored %,d rows in %.1f s (%,.0f rows/s), %,d of them bad%s, on %s into %s",
            rows,
            seconds,
            rows / seconds,
            run.rows().bad(),
            run.rows().side() == 0 ? "" : " and in " + run.side().path(),
            run.device().places(),
            run.place()));
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
