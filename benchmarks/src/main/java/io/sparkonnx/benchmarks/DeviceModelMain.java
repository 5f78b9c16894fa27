package io.sparkonnx.benchmarks;

import io.sparkonnx.engine.DeviceUse;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.DeviceTimes;
import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.engine.tensor.OnnxValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Times a model on a device and on the CPU, with inputs and results in the host's memory. Arguments
 * are the device's id, the folder of a case, and the number of rounds. A round is runs on the
 * device and then on the CPU; one comes before those that count.
 */
public final class DeviceModelMain {
  private static final double LIMIT_SECONDS = 2;

  private DeviceModelMain() {}

  public static void main(String[] args) throws IOException {
    DeviceCase benchmark = DeviceCase.read(Path.of(args[1]));
    int threads = Runtime.getRuntime().availableProcessors();
    try (Device device = Devices.open(args[0])) {
      Measures.print(
          benchmark.name(),
          measure(device, benchmark, threads, LIMIT_SECONDS, Integer.parseInt(args[2])));
    }
  }

  /**
   * Measures the most rows a run that take no longer than a limit, and compares results first.
   *
   * @param threads of the CPU's session
   * @param limit seconds of a run on the device
   */
  static Map<String, Object> measure(
      Device device, DeviceCase benchmark, int threads, double limit, int rounds) {
    LoadOptions there = LoadOptions.DEFAULT.withDevice(DeviceTarget.of(device));
    try (Model model = Model.load(benchmark.model(), there);
        Session session = model.newSession();
        Model cpuModel = Model.load(benchmark.model());
        Session cpu = cpuModel.newSession(threads)) {
      int rows =
          TimeBudget.largest(
              benchmark.sizes(),
              limit,
              count -> count,
              count -> seconds(session, benchmark.inputs(model, count), 1));
      Map<String, OnnxValue> inputs = benchmark.inputs(model, rows);
      Agreement.on(device.info()).require(cpu.run(inputs), session.run(inputs));
      Map<String, Object> measures = new LinkedHashMap<>();
      measures.put("rows", rows);
      measures.put("threads", threads);
      double flops = benchmark.flops(model);
      if (flops > 0) {
        measures.put("FLOP/row", flops);
      }
      putSteps(measures, session, benchmark.inputs(model, 1));
      long before = device.transferredBytes();
      int runs = TimeBudget.runs(seconds(session, inputs, 1));
      measures.put("bus B/row", (double) (device.transferredBytes() - before) / rows);
      int cpuRuns = TimeBudget.runs(seconds(cpu, inputs, 1));
      DeviceTimes earlier = session.deviceUse().times();
      double[] rates = new double[rounds];
      double[] cpuRates = new double[rounds];
      for (int round = -1; round < rounds; round++) {
        double seconds = seconds(session, inputs, runs);
        double cpuSeconds = seconds(cpu, inputs, cpuRuns);
        if (round >= 0) {
          rates[round] = (double) rows * runs / seconds;
          cpuRates[round] = (double) rows * cpuRuns / cpuSeconds;
        }
      }
      putOverlap(measures, earlier, session.deviceUse().times());
      measures.put("rows/s", Rounds.median(rates));
      measures.put("CPU rows/s", Rounds.median(cpuRates));
      return measures;
    }
  }

  /** Steps of one block of rows. */
  private static void putSteps(
      Map<String, Object> measures, Session session, Map<String, OnnxValue> row) {
    DeviceUse before = session.deviceUse();
    session.run(row);
    DeviceUse after = session.deviceUse();
    measures.put("device steps", after.deviceSteps() - before.deviceSteps());
    measures.put("CPU steps", after.cpuSteps() - before.cpuSteps());
  }

  /** The part of the transfers' time that computing hid; nothing without transfers. */
  private static void putOverlap(
      Map<String, Object> measures, DeviceTimes earlier, DeviceTimes later) {
    long transfers = later.transferNanos() - earlier.transferNanos();
    if (transfers > 0) {
      long hidden = later.overlapNanos() - earlier.overlapNanos();
      measures.put("overlapped", (double) hidden / transfers);
    }
  }

  private static double seconds(Session session, Map<String, OnnxValue> inputs, int runs) {
    return TimeBudget.seconds(
        () -> {
          for (int run = 0; run < runs; run++) {
            session.run(inputs);
          }
        });
  }
}
