package io.sparkonnx.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.cluster.SharedCluster.Fixture;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.TestModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What executors take of memory and processors. */
@ExtendWith(SharedCluster.class)
class ResourcesIT {
  private static final int CORES = 2;
  private static final long MANY_ROWS = 100_000_000L;

  /** How many times what the middle of a long job holds its end may hold. */
  private static final double FLAT = 1.1;

  private static Fixture fixture;
  private static String model;

  @BeforeAll
  static void write(Fixture shared) throws Exception {
    fixture = shared;
    model = shared.perceptron(1);
  }

  private static DriverProcess start(String memory, String... statements) throws IOException {
    return start(Map.of("spark.executor.memory", memory), statements);
  }

  private static DriverProcess start(Map<String, String> settings, String... statements)
      throws IOException {
    return DriverProcess.submit(
        fixture.cluster(),
        fixture.fresh("driver.log"),
        settings,
        QueryProgram.class,
        List.of(statements));
  }

  private static List<ProcessHandle> executors() {
    return Stream.of(SharedCluster.ONE, SharedCluster.TWO)
        .flatMap(worker -> fixture.cluster().executors(worker).stream())
        .toList();
  }

  /** How many of an executor's threads are in the engine at one moment. */
  private static long computing(ProcessHandle executor) throws IOException {
    return Arrays.stream(Jcmd.threads(executor).split("\n\n"))
        .filter(thread -> thread.contains("at io.sparkonnx.engine.execute."))
        .count();
  }

  @Test
  void anExecutorComputesWithAsManyThreadsAsItHasCores() throws Exception {
    long most = 0;
    try (DriverProcess job =
        start("768m", fixture.scoring("onnx_predict", model, fixture.fresh("cores")))) {
      while (job.isAlive()) {
        for (ProcessHandle executor : executors()) {
          most = Math.max(most, computing(executor));
        }
      }
      job.await();
    }
    assertThat(most).isBetween(1L, (long) CORES);
  }

  /** A model of 144 MB. */
  private static String large() throws IOException {
    int side = 6000;
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", 2)
        .floats("a", new float[2 * side], 2, side)
        .floats("b", new float[side * side], side, side)
        .node("MatMul", List.of("x", "a"), List.of("h"))
        .node("MatMul", List.of("h", "b"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", side)
        .write(fixture.folder(), "large.onnx");
  }

  /** A job that scores with the large model, which may fail, and then with the small one. */
  private static String printed(String driverMemory, String executorMemory) throws Exception {
    try (DriverProcess job =
        start(
            Map.of("spark.driver.memory", driverMemory, "spark.executor.memory", executorMemory),
            QueryProgram.MAY_FAIL
                + fixture.scoring("onnx_predict", large(), fixture.fresh("large")),
            fixture.scoring("onnx_predict", model, fixture.fresh("small")))) {
      return job.await();
    }
  }

  @Test
  void aModelThatDoesNotFitIntoExecutorsIsRefusedAndTheyLiveOn() throws Exception {
    assertThat(printed("2g", "530m"))
        .containsPattern(QueryProgram.FAILED + ".*memory")
        .doesNotContain("Lost executor");
  }

  @Test
  void aModelThatDoesNotFitIntoTheDriverIsRefusedAndItLivesOn() throws Exception {
    assertThat(printed("460m", "1g"))
        .containsPattern(QueryProgram.FAILED + ".*ONNX_MODEL.*144,048,159 bytes, does not fit");
  }

  @Test
  void aHundredMillionRowsTakeNoMoreMemoryAtTheirEndThanInTheirMiddle() throws Exception {
    String linear = TestModel.linear(1f, 2f).write(fixture.folder(), "linear.onnx");
    int before = fixture.finishedTasks(SharedCluster.ONE);
    List<Long> live = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    // All of the heap is resident from the start: what is added is outside of it.
    Map<String, String> settings =
        Map.of(
            "spark.executor.memory",
            "768m",
            "spark.executor.extraJavaOptions",
            "-Xms768m -XX:+AlwaysPreTouch");
    try (DriverProcess job =
        start(
            settings,
            "CREATE TEMPORARY VIEW scored AS SELECT onnx_predict('"
                + linear
                + "', float(id)) y FROM range(0, "
                + MANY_ROWS
                + ", 1, 200)",
            "INSERT OVERWRITE DIRECTORY '"
                + fixture.fresh("sum")
                + "' USING parquet SELECT count(y) n, sum(double(y)) s FROM scored")) {
      while (job.isAlive()) {
        boolean underWay = fixture.finishedTasks(SharedCluster.ONE) > before + 2;
        for (ProcessHandle executor : fixture.cluster().executors(SharedCluster.ONE)) {
          long kib = residentKib(executor);
          OptionalLong bytes = underWay ? Jcmd.liveBytes(executor) : OptionalLong.empty();
          if (bytes.isPresent()) {
            resident.add(kib);
            live.add(bytes.getAsLong());
          }
        }
        Thread.sleep(100);
      }
      job.await();
    }
    assertFlat("bytes of the heap after collection", live);
    assertFlat("resident KiB", resident);
  }

  /** Fails if the median of the last third of the values is greater than that of the middle one. */
  private static void assertFlat(String what, List<Long> values) {
    int third = values.size() / 3;
    assertThat(third).as("%s: %s", what, values).isGreaterThan(2);
    double middle = median(values.subList(third, 2 * third));
    double end = median(values.subList(2 * third, values.size()));
    assertThat(end / middle).as("%s: %s", what, values).isLessThan(FLAT);
  }

  private static double median(List<Long> values) {
    return values.stream()
        .mapToLong(value -> value)
        .sorted()
        .skip(values.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private static long residentKib(ProcessHandle process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", process.pid() + "", "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
