package io.sparkonnx.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** The JVMs of this machine. */
final class Jvms {
  private static final List<Path> FOLDERS =
      List.of(Path.of("/usr/lib/jvm"), Path.of("/usr/java"), Path.of("/opt/java"));

  private Jvms() {}

  /** Home of the newest JVM that is newer than this one. */
  static Optional<Path> newest() throws IOException {
    int own = Runtime.version().feature();
    Optional<Path> newest = Optional.empty();
    for (Path folder : FOLDERS) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> homes = Files.list(folder)) {
          newest =
              Stream.concat(newest.stream(), homes.filter(home -> version(home) > own))
                  .max(Comparator.comparing(Jvms::version));
        }
      }
    }
    return newest;
  }

  /** The version in the file {@code release} of a JVM's home, 0 where there is none. */
  private static int version(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/java")) || !Files.exists(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(release)) {
      properties.load(in);
    } catch (IOException e) {
      return 0;
    }
    String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
    return Runtime.Version.parse(version).feature();
  }
}
