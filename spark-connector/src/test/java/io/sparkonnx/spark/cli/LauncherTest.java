package io.sparkonnx.spark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of bin/spark-onnx in a project of empty files with stand-ins for java and mvn. */
class LauncherTest {
  private static final String JAR = "spark-connector/target/spark-onnx_2.13-0.1.0-SNAPSHOT.jar";
  private static final String SYSTEM_PATH = ":/usr/bin:/bin";

  @TempDir Path temp;
  private Path home;
  private Path tools;
  private final Map<String, String> environment = new HashMap<>();

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void layOutAProject() throws IOException {
    temp = temp.toRealPath();
    home = temp.resolve("a project");
    tools = Files.createDirectories(temp.resolve("tools"));
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of("..", "bin", "spark-onnx"), home.resolve("bin/spark-onnx"));
    script(home.resolve("bin/spark-onnx"), Files.readString(home.resolve("bin/spark-onnx"), UTF_8));
    write(home.resolve("pom.xml"), "");
    for (String module : List.of("engine", "arrow-io", "gpu-scheduler", "spark-connector")) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      write(home.resolve(module).resolve("pom.xml"), "");
    }
    write(home.resolve("spark-connector/python/src/spark_onnx/__init__.py"), "");
    environment.put("PATH", tools.toString());
  }

  @Test
  void anEmptyPathWithoutJavaHomeIsAMissingJdk() throws Exception {
    environment.put("PATH", "");

    Outcome outcome = launch();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith(
            "error [NO_JDK]: a JDK 17 or newer is needed, but there is no java on the PATH and"
                + " JAVA_HOME is not set (Debian/Ubuntu: apt-get install openjdk-17-jdk;")
        .hasLineCount(1);
  }

  @Test
  void aJavaHomeWithoutJavaIsNamed() throws Exception {
    environment.put("JAVA_HOME", "/no/such/jdk");

    Outcome outcome = launch();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("error [NO_JDK]: ")
        .contains("JAVA_HOME names /no/such/jdk, which has no bin/java")
        .hasLineCount(1);
  }

  @Test
  void javaElevenIsTooOld() throws Exception {
    java("openjdk version \"11.0.2\" 2019-01-15");

    Outcome outcome = launch();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("error [OLD_JDK]: a JDK 17 or newer is needed, but ")
        .contains("/java is version 11.0.2 (")
        .hasLineCount(1);
  }

  @Test
  void javaEightWithItsOldVersionSchemeIsTooOld() throws Exception {
    java("java version \"1.8.0_402\"");

    Outcome outcome = launch();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("error [OLD_JDK]: ").contains("version 1.8.0_402 (");
  }

  @Test
  void aRuntimeWithoutCompilerCannotBuild() throws Exception {
    java("openjdk version \"17.0.15\" 2025-04-15");

    Outcome outcome = launch();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("error [NO_JDK]: ")
        .contains("there is no javac on the PATH")
        .hasLineCount(1);
  }

  @Test
  void aMissingMavenIsNamedWithItsRemedy() throws Exception {
    java("openjdk version \"25\" 2025-09-16");
    script(tools.resolve("javac"), "exit 0");

    Outcome outcome = launch();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith(
            "error [NO_MAVEN]: Maven 3.8 or newer is needed to build spark-onnx, but there is no"
                + " mvn on the PATH (Debian/Ubuntu: apt-get install maven;")
        .hasLineCount(1);
  }

  @Test
  void theFirstUseBuildsOnceAndTheSecondRunsAtOnce() throws Exception {
    buildTools();

    Outcome first = launch("demo");
    Outcome second = launch("demo");

    assertThat(first.err())
        .isEqualTo("Building spark-onnx (first use, Maven may download Spark)...\n");
    assertThat(first.exitCode()).isEqualTo(7);
    assertThat(second.err()).isEmpty();
    assertThat(second.exitCode()).isEqualTo(7);
    assertThat(temp.resolve("mvn.log"))
        .content()
        .isEqualTo("-B -q -ntp -Dmaven.test.skip=true -pl spark-connector -am package\n");
  }

  @Test
  void aBuiltProjectRunsWithoutMaven() throws Exception {
    buildTools();
    launch("demo");
    script(tools.resolve("mvn"), "exit 1");

    assertThat(launch("demo").exitCode()).isEqualTo(7);
  }

  @Test
  void moreJarsComeLastOnTheClassPath() throws Exception {
    buildTools();
    environment.put("SPARK_ONNX_CLASSPATH", "/a b.jar:/c/*");

    List<String> arguments = launch("score").out().lines().toList();

    assertThat(arguments.get(arguments.indexOf("-cp") + 1))
        .isEqualTo(home.resolve(JAR) + ":" + home.resolve("pom.xml") + ":/more.jar:/a b.jar:/c/*");
  }

  @Test
  void argumentsReachTheCommandLineUnchanged() throws Exception {
    buildTools();
    environment.put("SPARK_ONNX_JAVA_OPTS", "-Xmx1g -Dx=y");

    Outcome outcome = launch("score", "--input", "two words", "", "*");

    List<String> arguments = outcome.out().lines().toList();
    int main = arguments.indexOf("io.sparkonnx.spark.cli.Main");
    assertThat(arguments.subList(main - 4, arguments.size()))
        .containsExactly(
            "-Xmx1g",
            "-Dx=y",
            "-cp",
            home.resolve(JAR) + ":" + home.resolve("pom.xml") + ":/more.jar",
            "io.sparkonnx.spark.cli.Main",
            "score",
            "--input",
            "two words",
            "",
            "*");
    assertThat(arguments)
        .contains("--add-modules=jdk.incubator.vector", "-Dsparkonnx.home=" + home);
  }

  @Test
  void aChangedSourceIsBuiltAgain() throws Exception {
    buildTools();
    launch("demo");
    Path source = write(home.resolve("engine/src/main/java/Changed.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

    Outcome outcome = launch("demo");

    assertThat(outcome.err()).isEqualTo("Building spark-onnx (its sources have changed)...\n");
    assertThat(outcome.exitCode()).isEqualTo(7);
  }

  @Test
  void aFailedBuildIsAFailedJob() throws Exception {
    buildTools();
    script(tools.resolve("mvn"), "echo 'Bad.java: no' ; exit 1");

    Outcome outcome = launch("demo");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .endsWith(
            "Bad.java: no\nerror [BUILD_FAILED]: Maven could not build spark-onnx; its messages are"
                + " above\n");
  }

  @Test
  void aSymbolicLinkFindsItsProject() throws Exception {
    buildTools();
    Path link = tools.resolve("so");
    Files.createSymbolicLink(link, Path.of("../a project/bin/spark-onnx"));

    Outcome outcome = run(List.of(link.toString(), "demo"));

    assertThat(outcome.out()).contains("-Dsparkonnx.home=" + home + "\n");
  }

  /** A java that prints its arguments and exits with 7, and an mvn that leaves a jar. */
  private void buildTools() throws IOException {
    java("openjdk version \"17.0.15\" 2025-04-15");
    script(tools.resolve("javac"), "exit 0");
    script(
        tools.resolve("mvn"),
        String.join(
            "\n",
            "echo \"$*\" >>'" + temp.resolve("mvn.log") + "'",
            "mkdir -p spark-connector/target",
            "echo jar >" + JAR,
            "echo \"$PWD/pom.xml:/more.jar\" >spark-connector/target/spark.classpath"));
    environment.put("PATH", tools + SYSTEM_PATH);
  }

  private void java(String banner) throws IOException {
    script(
        tools.resolve("java"),
        "if [ \"$1\" = -version ]; then echo '"
            + banner
            + "' >&2; exit 0; fi\nprintf '%s\\n' \"$@\"\nexit 7");
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text, UTF_8);
  }

  private static void script(Path file, String body) throws IOException {
    write(file, body.startsWith("#!") ? body : "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Outcome launch(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/spark-onnx").toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private Outcome run(List<String> command) throws IOException, InterruptedException {
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the launcher ends").isTrue();
    return new Outcome(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
