package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/engine.md, compiled and run as it stands there. */
class DocumentedExampleTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void compilesAndScoresTwoImages(@TempDir Path folder) throws Exception {
    Path source = folder.resolve("Example.java");
    Files.writeString(source, program());
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                source.toString())
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("image: float [batch, 1, 8, 8]");
    String last = output.lines().reduce((first, second) -> second).orElseThrow();
    assertThat(last.split(",")).as(last).hasSize(20);
  }

  private static String program() throws Exception {
    String page = Files.readString(ROOT.resolve("docs/engine.md"));
    int begin = page.indexOf("```java\n") + "```java\n".length();
    List<String> lines = page.substring(begin, page.indexOf("```", begin)).lines().toList();
    return lines.stream()
            .filter(line -> line.startsWith("import"))
            .collect(Collectors.joining("\n"))
        + "\npublic class Example { public static void main(String[] args) throws Exception {\n"
        + lines.stream()
            .filter(line -> !line.startsWith("import"))
            .collect(Collectors.joining("\n"))
        + "\n} }\n";
  }
}
