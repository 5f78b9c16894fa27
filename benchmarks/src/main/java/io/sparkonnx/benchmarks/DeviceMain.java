package io.sparkonnx.benchmarks;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.DevicePeak;
import io.sparkonnx.engine.device.Devices;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells which device is measured and what its peak is. The argument is its id or number, or empty
 * for the first GPU, else the first device. Where there is none, an error line says why, and the
 * exit status is 1.
 */
public final class DeviceMain {
  private DeviceMain() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    try (Device device = Devices.open(args[0])) {
      Measures.print("device", facts(device.info()));
    } catch (DeviceException e) {
      System.err.println("error [NO_DEVICE]: " + e.getMessage());
      System.exit(1);
    }
  }

  static Map<String, Object> facts(DeviceInfo info) {
    DevicePeak peak = DevicePeak.of(info);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("id", info.id());
    facts.put("name", info.name());
    facts.put("driver", info.driver());
    facts.put("units", peak.units());
    facts.put("MHz", peak.megahertz());
    facts.put("lanes", peak.lanes());
    peak.gigaFlops().ifPresent(rate -> facts.put("peak GFLOP/s", rate));
    facts.put("compared", Agreement.on(info).bits() ? "bits" : "values");
    return facts;
  }
}
