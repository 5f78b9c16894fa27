package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.profile.Profile;
import io.sparkonnx.engine.profile.Profiler;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where a model's time goes. */
@Command(
    name = "profile",
    description = "Run a model on random inputs: rows per second and time per operator.",
    mixinStandardHelpOptions = true)
final class ProfileCommand implements Runnable {
  private static final int MAX_THREADS = 1024;

  @Parameters(paramLabel = "MODEL", description = "ONNX file.")
  private Path model;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS",
      defaultValue = "4096",
      description = "Rows of a run, for models that take any number (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Sessions that run side by side (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "Time to measure, after as much warm-up (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--dim",
      paramLabel = "NAME=LENGTH",
      description = "Length of a symbolic dimension that does not count rows (default: 16).")
  private Map<String, Integer> dims = Map.of();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if (batchSize < 1 || threads < 1 || !(seconds > 0)) {
      throw CliException.input("USAGE", "batch size, threads and seconds must be positive");
    }
    if (threads > MAX_THREADS) {
      throw CliException.input("USAGE", "--threads is " + threads + ", at most " + MAX_THREADS);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Model loaded = Model.load(model, engine.loadOptions())) {
      Profile profile = new Profiler(loaded, batchSize, dims).run(threads, seconds);
      if (json) {
        Json.print(out, toMap(loaded, profile));
      } else {
        print(out, loaded, profile);
      }
    }
    out.flush();
  }

  private Map<String, Object> toMap(Model loaded, Profile profile) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", String.valueOf(model.getFileName()));
    map.put("kernels", loaded.kernels());
    map.put("batchSize", profile.rowsPerRun());
    map.put("threads", threads);
    map.put("rowsPerSecond", profile.rowsPerSecond());
    map.put("medianMillis", profile.medianMillis());
    map.put("gflopPerSecond", profile.gflopPerSecond());
    map.put("workspaceBytes", profile.workspaceBytes());
    map.put("operatorShare", profile.shareByOperator());
    return map;
  }

  private void print(PrintWriter out, Model loaded, Profile profile) {
    out.println(
        String.format(
            Locale.ROOT,
            "%s, %s, batch %d, %d thread(s): %,.0f rows/s, %.3f ms a run (median), %.1f GFLOP/s",
            model.getFileName(),
            loaded.kernels(),
            profile.rowsPerRun(),
            threads,
            profile.rowsPerSecond(),
            profile.medianMillis(),
            profile.gflopPerSecond()));
    out.println(
        String.format(
            Locale.ROOT,
            "weights %,d bytes, workspace %,d bytes a session",
            loaded.weightBytes(),
            profile.workspaceBytes()));
    out.println(String.format(Locale.ROOT, "%-28s %8s %7s", "operator", "steps", "time"));
    Map<String, Integer> steps = loaded.summary().steps();
    profile
        .shareByOperator()
        .forEach(
            (operator, share) ->
                out.println(
                    String.format(
                        Locale.ROOT,
                        "%-28s %8d %6.1f%%",
                        operator,
                        steps.getOrDefault(operator, 0),
                        100 * share)));
  }
}
