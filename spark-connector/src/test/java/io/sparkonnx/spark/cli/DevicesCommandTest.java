package io.sparkonnx.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.Devices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The list of devices. */
class DevicesCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(CommandLine command, String... args) {
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(args);
  }

  private static List<DeviceInfo> devices() {
    Devices.Found found = Devices.find();
    if (!Boolean.getBoolean("sparkonnx.opencl.required")) {
      Assumptions.assumeTrue(found.problem() == null, () -> "no device: " + found.problem());
    }
    return found.devices();
  }

  @Test
  void everyDeviceHasARowWithItsFigures() {
    DeviceInfo first = devices().get(0);
    assertThat(execute(Main.commandLine(), "devices")).isZero();
    assertThat(out.toString())
        .startsWith("KIND ")
        .contains((first.memoryBytes() >> 20) + " MB")
        .containsPattern("(?m) fp32\\S* +[1-9]\\d*\\.\\d +[1-9]\\d*\\.\\d  .*$")
        .contains(first.id());
  }

  @Test
  void jsonTellsWhatATableCannot() throws Exception {
    DeviceInfo first = devices().get(0);
    assertThat(execute(Main.commandLine(), "devices", "--json")).isZero();
    JsonNode device = new ObjectMapper().readTree(out.toString()).get("devices").get(0);
    assertThat(device.get("id").asText()).isEqualTo(first.id());
    assertThat(device.get("maxAllocationBytes").asLong()).isEqualTo(first.maxAllocationBytes());
    assertThat(device.get("gigaFlops").asDouble()).isPositive();
    assertThat(device.get("gigaBytes").asDouble()).isPositive();
  }

  @Test
  void withoutADeviceOneLineSaysWhatIsMissing() {
    DevicesCommand command =
        new DevicesCommand(() -> new Devices.Found(List.of(), "OpenCL finds no driver; install"));
    assertThat(execute(new CommandLine(command))).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("error [NO_DEVICE]: OpenCL finds no driver; install\n");
    assertThat(out.toString()).isEmpty();
  }
}
