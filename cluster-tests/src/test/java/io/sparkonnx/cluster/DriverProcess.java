package io.sparkonnx.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;

/** An application's driver as a process of its own. */
final class DriverProcess implements AutoCloseable {
  private static final String MEMORY = "512m";

  private final Process process;
  private final Path log;

  private DriverProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a driver by SparkSubmit, with the one jar that users get among {@code --jars}.
   *
   * @param log of all that it prints
   * @param settings Spark's settings of the application
   * @param program one of {@link StandaloneCluster#programs}
   */
  static DriverProcess submit(
      StandaloneCluster cluster,
      Path log,
      Map<String, String> settings,
      Class<?> program,
      List<String> args)
      throws IOException {
    List<String> submission = new ArrayList<>(List.of("--master", cluster.master()));
    submission.addAll(List.of("--conf", "spark.driver.bindAddress=127.0.0.1"));
    submission.addAll(List.of("--conf", "spark.sql.shuffle.partitions=4"));
    settings.forEach((key, value) -> submission.addAll(List.of("--conf", key + "=" + value)));
    submission.addAll(List.of("--jars", System.getProperty("sparkonnx.jar")));
    submission.addAll(List.of("--class", program.getName(), cluster.programs().toString()));
    submission.addAll(args);
    ProcessBuilder builder =
        process(
            settings.getOrDefault("spark.driver.memory", MEMORY),
            cluster.platformClassPath(),
            Map.of(),
            "org.apache.spark.deploy.SparkSubmit",
            submission);
    builder.environment().putAll(cluster.environment());
    return start(builder, log);
  }

  /**
   * Starts a driver with 512 MB by its main method.
   *
   * @param log of all that it prints
   * @param classPath as {@link StandaloneCluster#driverClassPath} says
   * @param settings Spark's settings of the application
   */
  static DriverProcess start(
      Path log, String classPath, Map<String, String> settings, Class<?> main, List<String> args)
      throws IOException {
    return start(process(MEMORY, classPath, settings, main.getName(), args), log);
  }

  private static ProcessBuilder process(
      String memory,
      String classPath,
      Map<String, String> settings,
      String main,
      List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.add("-Xmx" + memory);
    command.addAll(List.of("-cp", classPath, "-Dspark.driver.host=127.0.0.1"));
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add(main);
    command.addAll(args);
    return new ProcessBuilder(command);
  }

  private static DriverProcess start(ProcessBuilder builder, Path log) throws IOException {
    return new DriverProcess(
        builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed so far. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  /** Its exit status, once it has ended. */
  int status() throws InterruptedException {
    process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    return process.waitFor();
  }

  /** What it has printed, once it has ended well. */
  String await() throws Exception {
    int status = status();
    assertThat(status).as(printed()).isZero();
    return printed();
  }

  /** Ends it as a lost machine does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
