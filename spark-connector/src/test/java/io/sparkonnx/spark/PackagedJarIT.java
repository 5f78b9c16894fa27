package io.sparkonnx.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is inside the one jar that users put on Spark's classpath. */
class PackagedJarIT {
  private static final int JAVA_17 = 61;

  private final Path file = Path.of(System.getProperty("sparkonnx.jar"));
  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(file.toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void everyClassIsInOurOwnPackagesOrInOpenClsBinding() {
    assertThat(classes())
        .isNotEmpty()
        .allSatisfy(entry -> assertThat(entry.getName()).matches("(io/sparkonnx|org/jocl)/.*"));
  }

  @Test
  void theEngineAndWhatItNeedsAreInside() {
    assertThat(names())
        .contains(
            "io/sparkonnx/engine/Model.class",
            "io/sparkonnx/arrow/ipc/IpcFile.class",
            "io/sparkonnx/engine/onnx/proto/ModelProto.class",
            "io/sparkonnx/shaded/protobuf/CodedInputStream.class",
            "io/sparkonnx/shaded/picocli/CommandLine.class",
            "org/jocl/CL.class");
  }

  @Test
  void openClsBindingHasItsNativesForEverySystem() {
    assertThat(names().stream().filter(name -> name.startsWith("lib/") && !name.endsWith("/")))
        .hasSize(5)
        .anyMatch(name -> name.endsWith("linux-x86_64.so"))
        .anyMatch(name -> name.endsWith("linux-arm64.so"))
        .anyMatch(name -> name.endsWith("windows-x86_64.dll"))
        .anyMatch(name -> name.endsWith("apple-arm64.dylib"))
        .anyMatch(name -> name.endsWith("apple-x86_64.dylib"));
  }

  @Test
  void everyClassRunsOnJava17() throws IOException {
    for (JarEntry entry : classes()) {
      try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
        in.readInt();
        in.readUnsignedShort();
        assertThat(in.readUnsignedShort()).as(entry.getName()).isLessThanOrEqualTo(JAVA_17);
      }
    }
  }

  @Test
  void everyServiceNamesAClassOfTheJar() throws IOException {
    for (String name : names()) {
      if (name.startsWith("META-INF/services/") && !name.endsWith("/")) {
        String text = new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
        assertThat(text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")))
            .as(name)
            .isNotEmpty()
            .allSatisfy(type -> assertThat(names()).contains(type.replace('.', '/') + ".class"));
      }
    }
  }

  @Test
  void licencesAreInside() {
    assertThat(names())
        .contains(
            "META-INF/LICENSE",
            "META-INF/NOTICE",
            "META-INF/licenses/jocl.txt",
            "META-INF/licenses/protobuf-java.txt");
  }

  @Test
  void itIsSmall() throws IOException {
    assertThat(Files.size(file)).isLessThan(6_000_000);
  }

  private List<String> names() {
    return jar.stream().map(JarEntry::getName).toList();
  }

  private List<JarEntry> classes() {
    return jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
  }
}
