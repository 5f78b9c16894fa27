package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.KernelProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 3: the same row gives the same bits. */
class BitEqualityTest {
  private static final int MANY = 4096;
  private static final int FEW = 40;

  private static Map<String, Long> many;
  private static Map<String, Long> few;

  @BeforeAll
  static void scoreInOneBatch() {
    many = OutputHashes.of(MANY, "auto", MANY);
    few = OutputHashes.of(FEW, "auto", FEW);
  }

  @Test
  void theSimdKernelsAreTested() {
    assertThat(KernelProvider.best().name()).startsWith("simd");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 1000})
  void batchSizeDoesNotMatter(int batch) {
    assertThat(OutputHashes.of(MANY, "auto", batch)).isEqualTo(many);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 4096})
  void scalarKernelsGiveTheSameBits(int batch) {
    assertThat(OutputHashes.of(MANY, "scalar", batch)).isEqualTo(many);
  }

  static Stream<List<String>> settings() {
    return Stream.of(
        List.of("-Xint", "simd"),
        List.of("-Xint", "scalar"),
        List.of("-XX:TieredStopAtLevel=1", "simd"),
        List.of("-XX:MaxVectorSize=16", "simd"),
        List.of("-XX:MaxVectorSize=32", "simd"),
        List.of("-Xcomp", "scalar"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void settingsOfTheJvmDoNotMatter(List<String> setting) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    assertThat(inJvm(java, setting.get(0), setting.get(1))).isEqualTo(few);
  }

  @Test
  void otherJavaVersionsGiveTheSameBits() throws Exception {
    for (Path java : installedJavas()) {
      assertThat(inJvm(java, "-Dother=jdk", "auto")).as(java.toString()).isEqualTo(few);
    }
  }

  /** Java commands beside the running one, 17 or newer. */
  private static List<Path> installedJavas() throws IOException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    List<Path> javas = new ArrayList<>();
    try (Stream<Path> siblings = Files.list(home.getParent())) {
      for (Path sibling : siblings.sorted().toList()) {
        Path java = sibling.resolve("bin").resolve("java");
        if (Files.isExecutable(java) && !javas.contains(java.toRealPath())) {
          javas.add(java.toRealPath());
        }
      }
    }
    return javas;
  }

  private static Map<String, Long> inJvm(Path java, String option, String kernels)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java.toString(), option));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp", classPath()));
    command.addAll(List.of(OutputHashes.class.getName(), String.valueOf(FEW), kernels));
    command.addAll(List.of("1", "7", String.valueOf(FEW)));
    Path output = Files.createTempFile("hashes", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(4, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    Files.delete(output);
    assertThat(ended && process.exitValue() == 0).as(text).isTrue();
    return hashes(text);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** One hash per network; differing hashes for the batch sizes fail here. */
  private static Map<String, Long> hashes(String output) {
    return Arrays.stream(output.split("\n"))
        .filter(line -> line.startsWith("hash "))
        .map(line -> line.split(" "))
        .collect(
            Collectors.toMap(
                part -> part[1],
                part -> Long.parseLong(part[2]),
                (a, b) -> {
                  assertThat(b).as("batch sizes in one JVM, of %s", output).isEqualTo(a);
                  return a;
                },
                TreeMap::new));
  }
}
