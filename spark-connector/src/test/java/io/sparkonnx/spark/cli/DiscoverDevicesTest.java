package io.sparkonnx.spark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.FoundDevices;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiscoverDevicesTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int print(FoundDevices found) {
    return DiscoverDevices.print(
        found, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @Test
  void devicesAreOneLineOfSparksJson() {
    FoundDevices two =
        new FoundDevices(
            List.of(new FoundDevice("pci:1", "A", 1), new FoundDevice("b \"c\"", "B", 1)),
            Optional.empty());
    assertThat(print(two)).isZero();
    assertThat(out.toString(UTF_8))
        .isEqualToNormalizingNewlines(
            "{\"name\": \"gpu\", \"addresses\": [\"pci:1\", \"b \\\"c\\\"\"]}\n");
  }

  @Test
  void withoutADeviceOneLineSaysWhy() {
    assertThat(print(new FoundDevices(List.of(), Optional.of("OpenCL finds no driver"))))
        .isEqualTo(1);
    assertThat(err.toString(UTF_8))
        .isEqualToNormalizingNewlines("error [NO_DEVICE]: OpenCL finds no driver\n");
    assertThat(out.toString(UTF_8)).isEmpty();
  }
}
