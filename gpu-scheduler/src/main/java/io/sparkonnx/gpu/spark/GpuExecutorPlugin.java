package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.FoundDevice;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the executor's devices, says what it got, and keeps their leases until it ends. */
final class GpuExecutorPlugin implements ExecutorPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(GpuExecutorPlugin.class);

  private DeviceLeases leases;

  @Override
  public void init(PluginContext context, Map<String, String> extraConf) {
    GpuSettings settings = GpuSettings.of(context.conf());
    List<String> addresses = GpuAddresses.of(context.resources());
    List<FoundDevice> devices = GpuAddresses.select(addresses, DeviceSources.find());
    LOG.info(line(context.executorID(), addresses, devices, settings));
    if (!devices.isEmpty()) {
      leases = new DeviceLeases(devices.stream().map(settings::budget).toList());
      GpuMetrics.register(leases, context.metricRegistry());
      ExecutorDevices.set(leases);
    }
  }

  @Override
  public void shutdown() {
    if (leases != null) {
      ExecutorDevices.forget(leases);
      leases.shutDown("the executor ends");
    }
  }

  static String line(
      String executor, List<String> addresses, List<FoundDevice> devices, GpuSettings settings) {
    String by = addresses.isEmpty() ? "found here" : "Spark's GPU addresses " + addresses;
    String got =
        devices.stream()
            .map(
                device ->
                    String.format(
                        Locale.ROOT,
                        "%s %s (%,d of %,d bytes)",
                        device.name(),
                        device.description(),
                        settings.budget(device).bytes(),
                        device.memoryBytes()))
            .collect(Collectors.joining(", "));
    return "Executor " + executor + ": " + (got.isEmpty() ? "no device" : got) + ", " + by;
  }
}
