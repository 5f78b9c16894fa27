package io.sparkonnx.spark.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class with arguments, run in a JVM of its own as the launcher would start it. */
public final class ChildJvm {
  public static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();

  /**
   * How it ended.
   *
   * @param output both streams, mixed
   */
  public record Ended(int status, String output) {}

  private ChildJvm() {}

  /**
   * Runs to the end.
   *
   * @param options further options of the JVM
   */
  public static Ended run(Class<?> main, List<String> options, String... args) throws Exception {
    Process process = start(main, options, args);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  /** The running process, with both streams mixed. */
  public static Process start(Class<?> main, List<String> options, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(inherited());
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("-Dsparkonnx.home=" + DEMO.getParent());
    command.add("-Dlog4j2.configurationFile=io/sparkonnx/spark/cli/log4j2.properties");
    command.add(main.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** The options of this JVM that open packages and add modules. */
  private static List<String> inherited() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option ->
                option.startsWith("--add")
                    || option.startsWith("-XX:+Ignore")
                    || option.startsWith("--sun-misc")
                    || option.startsWith("--enable"))
        .toList();
  }
}
