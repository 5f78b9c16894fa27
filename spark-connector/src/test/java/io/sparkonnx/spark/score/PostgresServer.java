package io.sparkonnx.spark.score;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL server with a cluster of its own, which goes with it. */
final class PostgresServer implements AutoCloseable {
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");

  /** PostgreSQL does not run as root: this user has nothing. */
  private static final String USER = "nobody";

  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresServer(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts a server. Where the machine has none the test is passed over, unless the system property
   * {@code sparkonnx.postgresql.required} is true.
   */
  static PostgresServer start() throws Exception {
    Path programs = programs();
    if (!Boolean.getBoolean("sparkonnx.postgresql.required")) {
      assumeFalse(programs == null, "no PostgreSQL below " + PROGRAMS);
    }
    if (programs == null) {
      throw new IllegalStateException(
          "no PostgreSQL below " + PROGRAMS + ": apt-get install postgresql");
    }
    PostgresServer server =
        new PostgresServer(programs, Files.createTempDirectory("postgres"), freePort());
    if (isRoot()) {
      run(List.of("chown", USER, server.folder.toString()));
    }
    server.program("initdb", "-D", server.data(), "-U", "scores", "-A", "trust", "--no-sync");
    server.program(
        "pg_ctl",
        "start",
        "-w",
        "-D",
        server.data(),
        "-l",
        server.folder.resolve("log").toString(),
        "-o",
        "-p "
            + server.port
            + " -k "
            + server.folder
            + " -c listen_addresses=127.0.0.1"
            + " -c fsync=off");
    return server;
  }

  private static Path programs() throws IOException {
    if (!Files.isDirectory(PROGRAMS)) {
      return null;
    }
    try (Stream<Path> versions = Files.list(PROGRAMS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Path::compareTo)
          .orElse(null);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void program(String name, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid", USER, "--clear-groups", "--regid", "nogroup"));
    }
    command.add(programs.resolve(name).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws Exception {
    Path printed = Files.createTempFile("postgres", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/tmp").toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile());
    builder.environment().putAll(Map.of("LC_ALL", "C"));
    int status = builder.start().waitFor();
    String text = Files.readString(printed, StandardCharsets.UTF_8);
    Files.delete(printed);
    if (status != 0) {
      throw new IllegalStateException(command + ": " + text);
    }
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=scores";
  }

  /** The rows of a query, each with its values between bars. */
  List<String> rows(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws Exception {
    program("pg_ctl", "stop", "-m", "immediate", "-D", data());
    run(List.of("rm", "-rf", folder.toString()));
  }
}
