package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTimes;
import io.sparkonnx.engine.profile.Profile;
import io.sparkonnx.engine.profile.Profiler;
import io.sparkonnx.engine.profile.StepTime;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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

  @Option(names = "--steps", description = "Print the time of each step too.")
  private boolean steps;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Mixin private DeviceOption where;

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
    try (Device device = where.open();
        Model loaded = Model.load(model, DeviceOption.on(device, engine.loadOptions()))) {
      Profile profile = profile(loaded);
      String name = device == null ? null : device.info().id();
      if (json) {
        Json.print(out, toMap(loaded, profile, name));
      } else {
        print(out, loaded, profile, name);
      }
    }
    out.flush();
  }

  private Profile profile(Model loaded) {
    Profiler profiler = new Profiler(loaded, batchSize, dims);
    try {
      return profiler.run(threads, seconds);
    } catch (OutOfMemoryError e) {
      throw CliException.input(
          "OUT_OF_MEMORY",
          "runs of "
              + batchSize
              + " rows do not fit into the "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB of the JVM: lower --batch-size, or set SPARK_ONNX_JAVA_OPTS=-Xmx…");
    }
  }

  /**
   * @param device its id; null for the CPU alone
   */
  private Map<String, Object> toMap(Model loaded, Profile profile, String device) {
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
    if (device != null) {
      DeviceTimes times = profile.deviceTimes();
      map.put("device", device);
      map.put("deviceKernelMillis", times.kernelNanos() / 1e6);
      map.put("deviceTransferMillis", times.transferNanos() / 1e6);
      map.put("deviceTransferOverlap", times.overlap());
    }
    map.put("steps", profile.steps().stream().map(ProfileCommand::toMap).toList());
    return map;
  }

  private static Map<String, Object> toMap(StepTime step) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("node", step.node());
    map.put("operator", step.operator());
    map.put("where", place(step));
    map.put("millis", step.millis());
    map.put("share", step.share());
    return map;
  }

  private static String place(StepTime step) {
    return step.onDevice() ? "device" : "cpu";
  }

  /**
   * @param device its id; null for the CPU alone
   */
  private void print(PrintWriter out, Model loaded, Profile profile, String device) {
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
    if (device != null) {
      out.println(text(profile, device));
    }
    print(out, profile);
    if (steps) {
      profile.steps().forEach(step -> print(out, step));
    }
  }

  private static String text(Profile profile, String device) {
    DeviceTimes times = profile.deviceTimes();
    return String.format(
        Locale.ROOT,
        "%d of %d steps on %s: computes %.3f ms of a run, transfers %.3f ms, %.0f%% of them hidden",
        profile.steps().stream().filter(StepTime::onDevice).count(),
        profile.steps().size(),
        device,
        times.kernelNanos() / 1e6,
        times.transferNanos() / 1e6,
        100 * times.overlap());
  }

  /** What is one line of the table of operators. */
  private record Kind(String operator, String place) {
    Kind(StepTime step) {
      this(step.operator(), ProfileCommand.place(step));
    }
  }

  private static void print(PrintWriter out, Profile profile) {
    out.println(
        String.format(Locale.ROOT, "%-28s %8s %7s  %s", "operator", "steps", "time", "where"));
    Map<Kind, Long> counts =
        profile.steps().stream().collect(Collectors.groupingBy(Kind::new, Collectors.counting()));
    profile
        .shares(Kind::new)
        .forEach(
            (kind, share) ->
                out.println(
                    String.format(
                        Locale.ROOT,
                        "%-28s %8d %6.1f%%  %s",
                        kind.operator(),
                        counts.get(kind),
                        100 * share,
                        kind.place())));
  }

  private static void print(PrintWriter out, StepTime step) {
    out.println(
        String.format(
            Locale.ROOT,
            "%-6s %10.3f ms %6.1f%%  %s '%s'",
            place(step),
            step.millis(),
            100 * step.share(),
            step.operator(),
            step.node()));
  }
}
