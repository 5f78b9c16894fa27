package io.sparkonnx.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An application's driver as a process of its own. */
final class DriverProcess {
  private final Process process;
  private final Path log;

  private DriverProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a driver with 512 MB.
   *
   * @param log of all that it prints
   * @param classPath as {@link StandaloneCluster#driverClassPath} says
   * @param settings Spark's settings of the application
   */
  static DriverProcess start(
      Path log, String classPath, Map<String, String> settings, Class<?> main, List<String> args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-cp", classPath, "-Dspark.driver.host=127.0.0.1"));
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add(main.getName());
    command.addAll(args);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new DriverProcess(process, log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed, once it has ended well. */
  String await() throws Exception {
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(log);
    assertThat(ended && process.waitFor() == 0).as(printed).isTrue();
    return printed;
  }

  void kill() {
    process.destroyForcibly();
  }
}
