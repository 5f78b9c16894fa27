package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.DeviceUse;
import io.sparkonnx.engine.check.CaseResult;
import io.sparkonnx.engine.check.CaseRunner;
import io.sparkonnx.engine.check.Tolerance;
import io.sparkonnx.engine.device.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs test cases in ONNX's own form and counts how they end. */
@Command(
    name = "check",
    description =
        "Run ONNX test cases (model.onnx and test_data_set_*) and compare with their outputs.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "A case, or a folder that is searched for cases at any depth.")
  private List<Path> folders;

  @Option(
      names = "--rtol",
      defaultValue = "1e-3",
      description = "Relative tolerance (default: ${DEFAULT-VALUE}).")
  private double rtol;

  @Option(
      names = "--atol",
      defaultValue = "1e-5",
      description = "Absolute tolerance (default: ${DEFAULT-VALUE}).")
  private double atol;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private EngineOptions engine;

  @Mixin private DeviceOption where;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!(rtol >= 0 && atol >= 0)) {
      throw CliException.input(
          "USAGE", "--rtol is " + rtol + " and --atol is " + atol + ", neither may be negative");
    }
    List<Path> cases = cases();
    try (Device device = where.open()) {
      return check(cases, device);
    }
  }

  private int check(List<Path> cases, Device device) {
    PrintWriter out = spec.commandLine().getOut();
    CaseRunner runner =
        new CaseRunner(DeviceOption.on(device, engine.loadOptions()), new Tolerance(rtol, atol));
    List<CaseResult> results = new ArrayList<>();
    for (Path folder : cases) {
      CaseResult result = runner.run(folder);
      results.add(result);
      if (!json && result.status() != CaseResult.Status.PASSED) {
        out.println(result.status() + " " + result.name() + ": " + result.message());
        out.flush();
      }
    }
    long passed = count(results, CaseResult.Status.PASSED);
    long failed = count(results, CaseResult.Status.FAILED);
    long skipped = count(results, CaseResult.Status.SKIPPED);
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("passed", passed);
      report.put("failed", failed);
      report.put("skipped", skipped);
      if (device != null) {
        report.put("device", toMap(runner.deviceUse()));
      }
      report.put("cases", results.stream().map(CheckCommand::toMap).toList());
      Json.print(out, report);
    } else {
      if (device != null) {
        out.println(text(device, runner.deviceUse()));
      }
      out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    }
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private List<Path> cases() {
    List<Path> cases = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw CliException.input("NO_FOLDER", folder + " is not a folder");
      }
      try {
        List<Path> found = CaseRunner.find(folder);
        if (found.isEmpty()) {
          throw CliException.input("NO_CASES", "no model.onnx in " + folder + " at any depth");
        }
        cases.addAll(found);
      } catch (IOException e) {
        throw CliException.input("NOT_READABLE", "cannot read " + folder + ": " + e.getMessage());
      }
    }
    return cases;
  }

  private static String text(Device device, DeviceUse use) {
    return use.deviceSteps()
        + " steps ran on "
        + device.info().id()
        + ", "
        + use.cpuSteps()
        + " on the CPU; "
        + use.uploads()
        + " values went up, "
        + use.downloads()
        + " came down";
  }

  private static Map<String, Object> toMap(DeviceUse use) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", use.device());
    map.put("deviceSteps", use.deviceSteps());
    map.put("cpuSteps", use.cpuSteps());
    map.put("uploads", use.uploads());
    map.put("downloads", use.downloads());
    return map;
  }

  private static long count(List<CaseResult> results, CaseResult.Status status) {
    return results.stream().filter(result -> result.status() == status).count();
  }

  private static Map<String, Object> toMap(CaseResult result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", result.name());
    map.put("status", result.status().name().toLowerCase(java.util.Locale.ROOT));
    map.put("message", result.message());
    map.put("millis", result.millis());
    return map;
  }
}
