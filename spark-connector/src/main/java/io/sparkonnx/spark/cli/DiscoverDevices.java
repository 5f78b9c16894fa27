package io.sparkonnx.spark.cli;

import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.FoundDevices;
import io.sparkonnx.spark.device.OpenClDevices;
import java.io.PrintStream;
import java.util.stream.Collectors;

/**
 * What a discovery script of Spark prints: the machine's devices as the resource {@code gpu}, one
 * line of JSON. Needs no Spark.
 */
public final class DiscoverDevices {
  private DiscoverDevices() {}

  /** Prints the devices; exit status 1 and one line on the error stream where there is none. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    System.exit(print(new OpenClDevices().find(), System.out, System.err));
  }

  static int print(FoundDevices found, PrintStream out, PrintStream err) {
    if (found.problem().isPresent()) {
      err.println("error [NO_DEVICE]: " + found.problem().get());
      return 1;
    }
    out.println(
        found.devices().stream()
            .map(FoundDevice::name)
            .map(DiscoverDevices::quoted)
            .collect(Collectors.joining(", ", "{\"name\": \"gpu\", \"addresses\": [", "]}")));
    return 0;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
