package io.sparkonnx.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.cluster.SharedCluster.Fixture;
import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is lost in the middle of a job changes no bit of its output. */
@ExtendWith(SharedCluster.class)
class LossesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static Fixture fixture;
  private static String model;
  private static Row expected;

  @BeforeAll
  static void scoreHere(Fixture shared) throws Exception {
    fixture = shared;
    model = shared.perceptron(1);
    Path here = shared.fresh("here");
    shared.scoreHere("onnx_predict", model, here);
    expected = Fixture.digest(here);
    assertThat(expected.getLong(0)).isEqualTo(SharedCluster.ROWS);
  }

  /** A job on both workers. */
  private static DriverProcess job(Path output, Map<String, String> settings) throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("spark.executor.memory", "768m"));
    all.putAll(settings);
    return DriverProcess.submit(
        fixture.cluster(),
        fixture.fresh("driver.log"),
        all,
        QueryProgram.class,
        List.of(fixture.scoring("onnx_predict", model, output)));
  }

  private static void await(Callable<Boolean> condition, DriverProcess job) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime() < end && job.isAlive()).as(job.printed()).isTrue();
      Thread.sleep(20);
    }
  }

  /** Waits until an executor of the worker has ended some tasks of this job. */
  private static void awaitTasks(String worker, int before, DriverProcess job) throws Exception {
    await(() -> fixture.finishedTasks(worker) >= before + 3, job);
  }

  @Test
  void anExecutorThatDies() throws Exception {
    Path output = fixture.fresh("executor");
    int before = fixture.finishedTasks(SharedCluster.ONE);
    try (DriverProcess job = job(output, Map.of())) {
      awaitTasks(SharedCluster.ONE, before, job);
      fixture.cluster().executors(SharedCluster.ONE).forEach(ProcessHandle::destroyForcibly);
      job.await();
      assertThat(job.printed()).contains("Lost executor");
    }
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }

  @Test
  void aWorkerThatDies() throws Exception {
    fixture.cluster().startWorker("third", Map.of(), Map.of());
    Path output = fixture.fresh("worker");
    try (DriverProcess job = job(output, Map.of())) {
      awaitTasks("third", 0, job);
      fixture.cluster().kill("third");
      job.await();
      assertThat(job.printed()).contains("Lost executor");
    }
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }

  @Test
  void anExecutorThatStandsStillUnderSpeculation() throws Exception {
    Path output = fixture.fresh("speculation");
    int before = fixture.finishedTasks(SharedCluster.ONE);
    Map<String, String> settings =
        Map.of(
            "spark.speculation", "true",
            "spark.speculation.interval", "100ms",
            "spark.speculation.minTaskRuntime", "100ms");
    try (DriverProcess job = job(output, settings)) {
      awaitTasks(SharedCluster.ONE, before, job);
      List<ProcessHandle> stopped = fixture.cluster().executors(SharedCluster.ONE);
      signal("STOP", stopped);
      try {
        job.await();
      } finally {
        signal("CONT", stopped);
      }
    }
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }

  @Test
  void anExecutorThatIsSlow() throws Exception {
    Path output = fixture.fresh("slow");
    int before = fixture.finishedTasks(SharedCluster.ONE);
    try (DriverProcess job = job(output, Map.of())) {
      awaitTasks(SharedCluster.ONE, before, job);
      List<ProcessHandle> slow = fixture.cluster().executors(SharedCluster.ONE);
      while (job.isAlive()) {
        signal("STOP", slow);
        Thread.sleep(150);
        signal("CONT", slow);
        Thread.sleep(50);
      }
      job.await();
    }
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }

  private static void signal(String signal, List<ProcessHandle> processes) throws Exception {
    for (ProcessHandle process : processes) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }
  }

  @Test
  void aStreamsDriverThatDiesAndIsStartedAgain() throws Exception {
    Path rows = fixture.fresh("rows");
    SparkSessionExtension.session()
        .range(0, SharedCluster.ROWS, 1, 24)
        .write()
        .parquet(rows.toString());
    Path output = fixture.fresh("stream");
    List<String> arguments =
        List.of(
            rows.toString(),
            "onnx_predict('" + model + "', float(id % 1000) / 1000F, float(id % 77) / 77F) y",
            output.toString(),
            fixture.fresh("checkpoint").toString());
    try (DriverProcess first = stream(arguments)) {
      await(() -> first.printed().contains("Committed batch 3"), first);
      first.kill();
    }
    try (DriverProcess second = stream(arguments)) {
      second.await();
    }
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }

  private static DriverProcess stream(List<String> arguments) throws IOException {
    return DriverProcess.submit(
        fixture.cluster(),
        fixture.fresh("driver.log"),
        Map.of("spark.executor.memory", "768m"),
        StreamProgram.class,
        arguments);
  }
}
