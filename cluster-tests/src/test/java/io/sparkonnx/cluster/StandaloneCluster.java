package io.sparkonnx.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Spark's standalone Master and Workers as processes of this machine, from a folder laid out like a
 * distribution, whose jars are those of this build without our own.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String HOST = "127.0.0.1";

  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private final Map<String, Process> workers = new HashMap<>();
  private final String master;

  /**
   * Starts the Master.
   *
   * @param home an empty folder
   */
  StandaloneCluster(Path home) throws IOException, InterruptedException {
    this.home = home;
    Path jars = Files.createDirectory(home.resolve("jars"));
    for (Path jar : platform()) {
      Path link = jars.resolve(jar.getFileName());
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, jar);
      }
    }
    int port = freePort();
    master = "spark://" + HOST + ":" + port;
    Path log = home.resolve("master.log");
    start(
        log,
        Map.of(),
        List.of(),
        "org.apache.spark.deploy.master.Master",
        "--host",
        HOST,
        "--port",
        Integer.toString(port),
        "--webui-port",
        "0");
    await(log, "I have been elected leader");
  }

  /** The jars that tests run with, but not those of this project and its own dependencies. */
  private static List<Path> platform() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(java.io.File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of)
        .filter(jar -> !jar.toString().contains("sparkonnx") && !isOurs(jar))
        .toList();
  }

  private static boolean isOurs(Path jar) {
    return Stream.of("spark-onnx", "picocli", "jocl", "spark-testing-base", "junit", "assertj")
        .anyMatch(prefix -> jar.getFileName().toString().startsWith(prefix));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  String master() {
    return master;
  }

  /** Spark's own jars as a class path. */
  String platformClassPath() {
    return home.resolve("jars") + "/*";
  }

  /** A jar of the drivers among the tests. */
  synchronized Path programs() throws IOException {
    Path jar = home.resolve("programs.jar");
    if (!Files.exists(jar)) {
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        for (Class<?> program : List.of(QueryProgram.class, StreamProgram.class)) {
          String entry = program.getName().replace('.', '/') + ".class";
          out.putNextEntry(new JarEntry(entry));
          try (InputStream in = program.getClassLoader().getResourceAsStream(entry)) {
            in.transferTo(out);
          }
        }
      }
    }
    return jar;
  }

  /** Variables of all of Spark's processes. */
  Map<String, String> environment() {
    return Map.of(
        "SPARK_HOME", home.toString(), "SPARK_SCALA_VERSION", "2.13", "SPARK_LOCAL_IP", HOST);
  }

  /** The class path of a driver: the jar that users get and Spark's. */
  String driverClassPath(String jar) {
    return jar + java.io.File.pathSeparator + platformClassPath();
  }

  /**
   * Starts a Worker of two cores.
   *
   * @param environment further variables of the worker and its executors
   * @param settings Spark's settings of the worker
   */
  void startWorker(String name, Map<String, String> environment, Map<String, String> settings)
      throws IOException, InterruptedException {
    List<String> options = new ArrayList<>();
    settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
    Path log = home.resolve(name + ".log");
    Process worker =
        start(
            log,
            environment,
            options,
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            HOST,
            "--cores",
            "2",
            "--memory",
            "2g",
            "--webui-port",
            "0",
            "--work-dir",
            home.resolve(name).toString(),
            master);
    workers.put(name, worker);
    await(log, "Successfully registered with master");
  }

  /** Starts a Worker with the GPU addresses 0 and 1, which mean two devices of PoCL. */
  void startWorkerWithTwoDevices(String name) throws IOException, InterruptedException {
    Path script = home.resolve(name + "-addresses");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    startWorker(
        name,
        Map.of("POCL_DEVICES", "pthread pthread"),
        Map.of(
            "spark.worker.resource.gpu.amount",
            "2",
            "spark.worker.resource.gpu.discoveryScript",
            script.toString()));
  }

  private Process start(
      Path log, Map<String, String> environment, List<String> options, String... main)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", platformClassPath()));
    command.addAll(options);
    command.addAll(List.of(main));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static void await(Path log, String line) throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!Files.exists(log) || !Files.readString(log).contains(line)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not seen: " + line + "\n" + Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  /** The executors of a worker that are alive. */
  List<ProcessHandle> executors(String worker) {
    return workers
        .get(worker)
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .toList();
  }

  /** Ends a worker and its executors as a lost machine does. */
  void kill(String worker) throws InterruptedException {
    List<ProcessHandle> executors = executors(worker);
    workers.get(worker).destroyForcibly().waitFor();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  /** What all executors of a worker have logged. */
  String executorLogs(String worker) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve(worker))) {
      StringBuilder text = new StringBuilder();
      files
          .filter(file -> file.getFileName().toString().equals("stderr"))
          .sorted()
          .forEach(file -> text.append(read(file)));
      return text.toString();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends all processes, executors too. */
  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
