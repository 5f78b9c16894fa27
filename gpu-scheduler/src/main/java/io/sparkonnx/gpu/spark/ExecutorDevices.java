package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import io.sparkonnx.gpu.TaskDevice;
import io.sparkonnx.gpu.placement.DeviceCosts;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of this executor, their leases, and how many tasks work on each. Made by the plugin,
 * or, without it, when a task first asks.
 */
public final class ExecutorDevices {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorDevices.class);

  /** The application's environment and what was made for it; guarded by the class. */
  private static SparkEnv environment;

  private static ExecutorDevices current;

  private final DeviceClaim claim;
  private final DeviceLeases leases;
  private final Map<String, Integer> tasks = new HashMap<>();

  /** Takes measurements to the driver; null without the plugin. */
  private final BiConsumer<String, DeviceCosts> driver;

  /** Models that are measured or being measured. */
  private final Set<String> measured = new HashSet<>();

  /**
   * @param driver takes what was measured with a model, by its SHA-256; null where nobody does
   */
  ExecutorDevices(DeviceClaim claim, DeviceLeases leases, BiConsumer<String, DeviceCosts> driver) {
    this.claim = claim;
    this.leases = leases;
    this.driver = driver;
  }

  /** Those of this JVM's application. Looks for devices where nobody has yet. */
  public static synchronized ExecutorDevices current() {
    SparkEnv now = SparkEnv.get();
    if (current == null || environment != now) {
      DeviceClaim claim =
          DeviceClaim.of(DeviceSources.look().found(), List.of(), GpuSettings.of(now.conf()));
      LOG.info(GpuExecutorPlugin.line(now.executorId(), List.of(), claim));
      set(new ExecutorDevices(claim, new DeviceLeases(claim.budgets()), null));
    }
    return current;
  }

  static synchronized void set(ExecutorDevices devices) {
    environment = SparkEnv.get();
    current = devices;
  }

  /** Grants nothing more, and forgets these unless other ones were made in this JVM since. */
  void end() {
    leases.shutDown("the executor ends");
    synchronized (ExecutorDevices.class) {
      if (current == this) {
        current = null;
      }
    }
  }

  /** Why there is no device here; nothing where there is one. */
  public Optional<String> problem() {
    return claim.problem();
  }

  public DeviceLeases leases() {
    return leases;
  }

  /**
   * A device for a task: of those that would do the one that the fewest tasks work on, the first
   * one among equal ones.
   *
   * @param addresses that Spark gave to the task; empty for any of the executor's devices
   * @throws GpuException NO_DEVICE with the reason, or UNKNOWN_DEVICE for an address that means
   *     none of this executor's devices, or QUARANTINED where all failed
   */
  public TaskDevice take(List<String> addresses) {
    if (claim.problem().isPresent()) {
      throw new GpuException(Code.NO_DEVICE, claim.problem().get());
    }
    List<String> names =
        addresses.isEmpty()
            ? leases.budgets().stream().map(budget -> budget.device()).toList()
            : GpuAddresses.select(addresses, claim.found().devices()).stream()
                .map(FoundDevice::name)
                .toList();
    synchronized (tasks) {
      String name =
          names.stream()
              .filter(device -> quarantine(device).isEmpty())
              .min(Comparator.comparing(device -> tasks.getOrDefault(device, 0)))
              .orElseThrow(() -> allFailed(names));
      tasks.merge(name, 1, Integer::sum);
      return new TaskDevice(name, leases, () -> leave(name));
    }
  }

  /**
   * Asks whether the caller is to measure a model on a device here, which one task does.
   *
   * @param model its SHA-256
   */
  public boolean beginTrial(String model) {
    synchronized (measured) {
      return driver != null && claim.problem().isEmpty() && measured.add(model);
    }
  }

  /** Tells the driver what a model costs here. */
  public void endTrial(String model, DeviceCosts costs) {
    driver.accept(model, costs);
  }

  /** Leaves a trial to another task. */
  public void leaveTrial(String model) {
    synchronized (measured) {
      measured.remove(model);
    }
  }

  private Optional<String> quarantine(String device) {
    return leases.figures(device).quarantine();
  }

  private GpuException allFailed(List<String> names) {
    return new GpuException(
        Code.QUARANTINED,
        names.stream()
            .map(name -> "'" + name + "' failed (" + quarantine(name).orElseThrow() + ")")
            .collect(Collectors.joining(", ")));
  }

  private void leave(String device) {
    synchronized (tasks) {
      tasks.merge(device, -1, Integer::sum);
    }
  }
}
