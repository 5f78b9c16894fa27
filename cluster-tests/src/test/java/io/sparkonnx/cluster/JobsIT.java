package io.sparkonnx.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.cluster.SharedCluster.Fixture;
import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on two executors with the jar that users get. */
@ExtendWith(SharedCluster.class)
class JobsIT {
  private static final String JAVA = "org.apache.spark.serializer.JavaSerializer";
  private static final String KRYO = "org.apache.spark.serializer.KryoSerializer";

  private static Fixture fixture;
  private static String model;
  private static Row expected;

  @BeforeAll
  static void scoreHere(Fixture shared) throws Exception {
    fixture = shared;
    model = shared.perceptron(1);
    expected = here("onnx_predict", model);
  }

  private static Row here(String function, String path) {
    Path output = fixture.fresh("here");
    fixture.scoreHere(function, path, output);
    return Fixture.digest(output);
  }

  private static DriverProcess start(Map<String, String> settings, String... statements)
      throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("spark.executor.memory", "768m"));
    all.putAll(settings);
    return DriverProcess.submit(
        fixture.cluster(),
        fixture.fresh("driver.log"),
        all,
        QueryProgram.class,
        List.of(statements));
  }

  private static String done(Map<String, String> settings, String... statements) throws Exception {
    try (DriverProcess job = start(settings, statements)) {
      return job.await();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {JAVA, KRYO})
  void bothSerializersGiveTheBitsOfALocalSession(String serializer) throws Exception {
    Path output = fixture.fresh("serializer");
    done(Map.of("spark.serializer", serializer), fixture.scoring("onnx_predict", model, output));
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }

  @Test
  void executorsThatComeAndGoGiveTheSameBits() throws Exception {
    Path output = fixture.fresh("dynamic");
    Map<String, String> settings =
        Map.of(
            "spark.dynamicAllocation.enabled", "true",
            "spark.dynamicAllocation.shuffleTracking.enabled", "true",
            "spark.dynamicAllocation.minExecutors", "0",
            "spark.dynamicAllocation.maxExecutors", "2",
            "spark.dynamicAllocation.executorIdleTimeout", "1s");
    String scoring = fixture.scoring("onnx_predict", model, output);
    String shuffled =
        scoring.replace(" FROM range", " FROM (SELECT /*+ REPARTITION(12) */ id FROM range");
    done(settings, shuffled + ")");
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }

  @Test
  void anExecutorLoadsAModelOnceHoweverManyTasksItRuns() throws Exception {
    String own = fixture.perceptron(11);
    done(Map.of(), fixture.scoring("onnx_predict", own, fixture.fresh("once")));
    String sha256 = io.sparkonnx.spark.OnnxModel.load(own).sha256();
    for (String worker : List.of(SharedCluster.ONE, SharedCluster.TWO)) {
      String log = fixture.cluster().executorLogs(worker);
      assertThat(log.split("Loaded model " + sha256, -1)).as(worker).hasSize(2);
    }
  }

  @Test
  void twoVersionsOfAModelAtOnceGiveTheirOwnScores() throws Exception {
    String second = fixture.perceptron(21);
    Path one = fixture.fresh("one");
    Path two = fixture.fresh("two");
    Map<String, String> half = Map.of("spark.cores.max", "2", "spark.executor.cores", "1");
    try (DriverProcess first = start(half, fixture.scoring("onnx_predict", model, one));
        DriverProcess other = start(half, fixture.scoring("onnx_predict", second, two))) {
      first.await();
      other.await();
    }
    assertThat(Fixture.digest(one)).isEqualTo(expected);
    assertThat(Fixture.digest(two)).isEqualTo(here("onnx_predict", second)).isNotEqualTo(expected);
  }

  /** The rows with one that the model cannot take. */
  private static String poisoned(String function, Path output) {
    return fixture
        .scoring(function, model, output)
        .replace("float(id % 77) / 77F", "if(id = 123456, NULL, float(id % 77) / 77F)");
  }

  @Test
  void aBadRowFailsAStrictJobAndIsNamed() throws Exception {
    Path output = fixture.fresh("strict");
    try (DriverProcess job = start(Map.of(), poisoned("onnx_predict", output))) {
      assertThat(job.status()).isNotZero();
      assertThat(job.printed()).contains("ONNX_BAD_ROW").contains("partition 12, row 3456");
    }
  }

  @Test
  void aBadRowIsNullInALenientJobAndHarmsNoOther() throws Exception {
    Path output = fixture.fresh("lenient");
    done(Map.of(), poisoned("try_onnx_predict", output));
    Path here = fixture.fresh("lenient-here");
    SparkSessionExtension.session().sql(poisoned("try_onnx_predict", here));
    assertThat(Fixture.digest(output)).isEqualTo(Fixture.digest(here)).isNotEqualTo(expected);
    assertThat(
            SparkSessionExtension.session()
                .read()
                .parquet(output.toString())
                .where("y IS NULL")
                .selectExpr("id")
                .collectAsList())
        .containsExactly(org.apache.spark.sql.RowFactory.create(123456L));
  }

  @Test
  void newerExecutorsGiveTheBitsOfAnOlderDriver() throws Exception {
    Optional<Path> newest = Jvms.newest();
    Assumptions.assumeTrue(newest.isPresent(), "no JVM newer than that of the tests is installed");
    Path output = fixture.fresh("newest");
    Map<String, String> settings = Map.of("spark.executorEnv.JAVA_HOME", newest.get().toString());
    try (DriverProcess job = start(settings, fixture.scoring("onnx_predict", model, output))) {
      String command = "";
      while (job.isAlive()) {
        for (ProcessHandle executor : fixture.cluster().executors(SharedCluster.ONE)) {
          command = executor.info().command().orElse(command);
        }
        Thread.sleep(100);
      }
      job.await();
      assertThat(command).startsWith(newest.get().toRealPath().toString());
    }
    assertThat(Fixture.digest(output)).isEqualTo(expected);
  }
}
