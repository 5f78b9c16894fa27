package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.placement.DeviceCosts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the executor's devices, says what it got, and keeps their leases until it ends. */
final class GpuExecutorPlugin implements ExecutorPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(GpuExecutorPlugin.class);

  private ExecutorDevices devices;

  @Override
  public void init(PluginContext context, Map<String, String> extraConf) {
    GpuSettings settings = GpuSettings.of(context.conf());
    List<String> addresses = GpuAddresses.of(context.resources());
    DeviceSources sources = DeviceSources.look();
    DeviceClaim claim = ask(context, DeviceClaim.of(sources.found(), addresses, settings));
    LOG.info(line(context.executorID(), addresses, claim));
    DeviceLeases leases = new DeviceLeases(claim.budgets());
    claim.devices().forEach(device -> open(device, sources, leases));
    GpuMetrics.register(leases, context.metricRegistry());
    devices = new ExecutorDevices(claim, leases, (model, costs) -> tell(context, model, costs));
    ExecutorDevices.set(devices);
  }

  /** Asks the driver for the claim, which may be refused. */
  private static DeviceClaim ask(PluginContext context, DeviceClaim claim) {
    // The context's host name is the address of a server, which executors do not have.
    ExecutorReport report = ExecutorReport.of(context.executorID(), Utils.localHostName(), claim);
    try {
      String refusal = (String) context.ask(report);
      return refusal == null ? claim : claim.refused(refusal);
    } catch (Exception e) {
      LOG.warn("The driver does not answer what this executor may use of its devices", e);
      return claim;
    }
  }

  private static void tell(PluginContext context, String model, DeviceCosts costs) {
    try {
      context.send(new CostReport(context.executorID(), model, costs));
    } catch (IOException e) {
      LOG.warn("The driver cannot be told what model {} costs on a device", model, e);
    }
  }

  private static void open(FoundDevice device, DeviceSources sources, DeviceLeases leases) {
    try {
      sources.open(device);
    } catch (RuntimeException | LinkageError e) {
      LOG.error("Device {} cannot be opened", device.name(), e);
      leases.quarantine(device.name(), "it cannot be opened: " + e.getMessage());
    }
  }

  @Override
  public void shutdown() {
    if (devices != null) {
      devices.end();
    }
  }

  static String line(String executor, List<String> addresses, DeviceClaim claim) {
    String by = addresses.isEmpty() ? "found here" : "Spark's GPU addresses " + addresses;
    return "Executor "
        + executor
        + ": "
        + claim.problem().map(why -> "no device, " + why).orElseGet(() -> text(claim) + ", " + by);
  }

  private static String text(DeviceClaim claim) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < claim.devices().size(); i++) {
      FoundDevice device = claim.devices().get(i);
      texts.add(
          String.format(
              Locale.ROOT,
              "%s %s (%,d of %,d bytes)",
              device.name(),
              device.description(),
              claim.budgets().get(i).bytes(),
              device.memoryBytes()));
    }
    return String.join(", ", texts);
  }
}
