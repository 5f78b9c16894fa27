package io.sparkonnx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases as their folders describe them. */
class DeviceCaseTest {
  @TempDir Path folder;

  @Test
  void aFolderSaysRowsAndTheLengthsOfOtherDimensions() throws IOException {
    Files.writeString(
        folder.resolve("case.json"),
        "{\"case\": \"bert\", \"rows\": 64, \"dims\": {\"tokens\": 7}}");
    DeviceCase read = DeviceCase.read(folder);
    Path model = folder.resolve("model.onnx");
    assertThat(read).isEqualTo(new DeviceCase("bert", model, 64, Map.of("tokens", 7)));
  }

  @Test
  void sizesGrowByFourUpToTheMostRows() {
    assertThat(new DeviceCase("x", folder, 20, Map.of()).sizes()).containsExactly(1, 4, 16, 20);
    assertThat(new DeviceCase("x", folder, 16, Map.of()).sizes()).containsExactly(1, 4, 16);
    assertThat(new DeviceCase("x", folder, 1, Map.of()).sizes()).containsExactly(1);
  }
}
