package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.DeviceSpeed;
import io.sparkonnx.engine.device.Devices;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists OpenCL devices and measures them. */
@Command(
    name = "devices",
    description =
        "List the OpenCL devices of this machine, what they support and how fast they are.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:there is a device", "1:there is none; one line says what is missing"})
final class DevicesCommand implements Callable<Integer> {
  private static final String ROW = "%-11s %11s %11s %5s  %-24s %9s %7s  %s%n";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  private final Supplier<Devices.Found> source;

  DevicesCommand() {
    this(Devices::find);
  }

  DevicesCommand(Supplier<Devices.Found> source) {
    this.source = source;
  }

  @Override
  public Integer call() {
    Devices.Found found = source.get();
    PrintWriter out = spec.commandLine().getOut();
    if (found.problem() != null) {
      spec.commandLine().getErr().println("error [NO_DEVICE]: " + found.problem());
      return 1;
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    found.devices().forEach(info -> rows.add(facts(info)));
    if (json) {
      Json.print(out, Map.of("devices", rows));
    } else {
      out.printf(
          Locale.ROOT,
          ROW,
          "KIND",
          "MEMORY",
          "LARGEST",
          "UNITS",
          "SUPPORTS",
          "GFLOP/S",
          "GB/S",
          "DEVICE");
      found.devices().forEach(info -> print(out, info, rows.get(found.devices().indexOf(info))));
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, DeviceInfo info, Map<String, Object> facts) {
    out.printf(
        Locale.ROOT,
        ROW,
        info.kind().name().toLowerCase(Locale.ROOT),
        megabytes(info.memoryBytes()),
        megabytes(info.maxAllocationBytes()),
        info.computeUnits(),
        String.join(",", supports(info)),
        facts.getOrDefault("gigaFlops", "-"),
        facts.getOrDefault("gigaBytes", "-"),
        info.id());
    if (!info.id().contains(info.name())) {
      out.println("         " + info.name());
    }
    if (facts.containsKey("problem")) {
      out.println("         not usable: " + facts.get("problem"));
    }
  }

  private static String megabytes(long bytes) {
    return (bytes >> 20) + " MB";
  }

  private static List<String> supports(DeviceInfo info) {
    List<String> list = new ArrayList<>();
    if (info.half()) {
      list.add("fp16");
    }
    list.add(info.exactFloats() ? "fp32-exact" : "fp32");
    if (info.twofold()) {
      list.add("fp64");
    }
    if (info.fastFma()) {
      list.add("fma");
    }
    return list;
  }

  private static Map<String, Object> facts(DeviceInfo info) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("id", info.id());
    facts.put("name", info.name());
    facts.put("vendor", info.vendor());
    facts.put("driver", info.driver());
    facts.put("platform", info.platform());
    facts.put("kind", info.kind().name().toLowerCase(Locale.ROOT));
    facts.put("memoryBytes", info.memoryBytes());
    facts.put("maxAllocationBytes", info.maxAllocationBytes());
    facts.put("localBytes", info.localBytes());
    facts.put("computeUnits", info.computeUnits());
    facts.put("supports", supports(info));
    facts.put("cpuBits", info.givesCpuBits());
    try (Device device = Devices.open(info.id())) {
      DeviceSpeed speed = DeviceSpeed.of(device);
      facts.put("gigaFlops", rounded(speed.gigaFlops()));
      facts.put("gigaBytes", rounded(speed.gigaBytes()));
    } catch (DeviceException e) {
      facts.put("problem", e.getMessage());
    }
    return facts;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
