package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SparkSessionExtension.class)
class OnnxConfTest {
  @TempDir static Path folder;
  private static String linear;

  private final SparkSession spark = SparkSessionExtension.session();

  @BeforeAll
  static void writeModel() {
    linear = TestModel.linear(1f, 2f).write(folder, "linear.onnx");
  }

  @AfterEach
  void removeSettings() {
    for (ConfKey<?> key : OnnxConf.keys()) {
      spark.sparkContext().conf().remove(key.name());
      if (key.scope() == ConfKey.Scope.SESSION) {
        spark.conf().unset(key.name());
      }
    }
  }

  private static String call(String function) {
    return "SELECT " + function + "('" + linear + "', 2)";
  }

  private static SQLConf session(String... settings) {
    SQLConf conf = new SQLConf();
    for (int i = 0; i < settings.length; i += 2) {
      conf.setConfString(settings[i], settings[i + 1]);
    }
    return conf;
  }

  @Test
  void aShareAndBytesOfADeviceAtOnceAreRefused() {
    SparkConf both =
        new SparkConf(false).set("spark.onnx.gpu.share", "0.5").set("spark.onnx.gpu.memory", "1g");
    assertThatThrownBy(() -> OnnxConf.check(session(), both))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[ONNX_SETTING]")
        .hasMessageContaining("are both set; one of them is wanted");
  }

  @Test
  void theSessionGoesBeforeTheInitialValue() {
    SQLConf set = session(OnnxConf.BATCH_SIZE, "100");
    assertThat(OnnxConf.of(session()).batchSize()).isEqualTo(4096);
    assertThat(OnnxConf.of(set).batchSize()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "spark.onnx.batchSize, 0, 'a number of rows, at least 1, is needed'",
    "spark.onnx.batchSize, many, 'a number of rows, at least 1, is needed'",
    "spark.onnx.http.timeout, soon, 'a time such as 500ms or 30s is needed'",
    "spark.onnx.http.timeout, 0s, 'a time such as 500ms or 30s is needed'",
    "spark.onnx.cache.maxBytes, -1, 'a size such as 512m or 2g is needed'",
    "spark.onnx.maxModelBytes, big, 'a size such as 512m or 64g is needed'",
    "spark.onnx.model.roots, 'file:/a,,file:/b', 'a list of locations, separated by commas, is"
        + " needed'",
    "spark.onnx.model.roots, 'file:/a,', 'a list of locations, separated by commas, is needed'",
    "spark.onnx.model.roots, ',', 'a list of locations, separated by commas, is needed'",
    "spark.onnx.model.roots, ' , ', 'a list of locations, separated by commas, is needed'",
    "spark.onnx.model.roots, ',,', 'a list of locations, separated by commas, is needed'",
    "spark.onnx.model.roots, ' ', 'a list of locations, separated by commas, is needed'",
    "spark.onnx.zoo.mirror, '', 'a location is needed'",
  })
  void aValueThatDoesNotFitIsRefused(String key, String value, String expected) {
    OnnxConf conf = OnnxConf.of(new SparkConf(false).set(key, value));
    assertThatThrownBy(
            () -> {
              conf.batchSize();
              conf.httpTimeout();
              conf.cacheMaxBytes();
              conf.maxModelBytes();
              conf.modelRoots();
              conf.zooMirror();
            })
        .isInstanceOfSatisfying(AnalysisException.class, OnnxConfTest::isOfASetting)
        .hasMessage(refusal(key, value, expected));
  }

  private static void isOfASetting(AnalysisException e) {
    assertThat(e.getCondition()).isEqualTo("ONNX_SETTING");
    assertThat(e.getSqlState()).isEqualTo("42616");
  }

  private static String refusal(String key, String value, String expected) {
    return "[ONNX_SETTING] " + key + " is '" + value + "'; " + expected + " SQLSTATE: 42616";
  }

  @ParameterizedTest
  @CsvSource({
    "spark.onnx.batchSize, 0, 'a number of rows, at least 1, is needed'",
    "spark.onnx.nanForNull, 1, true or false is needed",
    "spark.onnx.padding, yes, none or mask is needed",
    "spark.onnx.http.timeout, soon, a time such as 500ms or 30s is needed",
    "spark.onnx.zoo.mirror, '', a location is needed",
  })
  void aQueryThatCallsIsRefusedAtAnalysisWhateverItNeeds(
      String key, String value, String expected) {
    spark.conf().set(key, value);
    for (String function : List.of("onnx_predict", "try_onnx_predict")) {
      assertThatThrownBy(() -> spark.sql(call(function)))
          .isInstanceOfSatisfying(AnalysisException.class, OnnxConfTest::isOfASetting)
          .hasMessageStartingWith(refusal(key, value, expected));
    }
    spark.conf().unset(key);
    assertThat(spark.sql(call("onnx_predict")).first().getFloat(0)).isEqualTo(5f);
  }

  @ParameterizedTest
  @CsvSource({
    "spark.onnx.cache.maxBytes, -1, a size such as 512m or 2g is needed",
    "spark.onnx.maxModelBytes, big, a size such as 512m or 64g is needed",
    "spark.onnx.gpu.float16, half, true or false is needed",
    "spark.onnx.model.roots, 'file:/a,,file:/b', 'a list of locations, separated by commas, is needed'",
    "spark.onnx.model.roots, ',', 'a list of locations, separated by commas, is needed'",
    "spark.onnx.model.roots, ' , ,', 'a list of locations, separated by commas, is needed'",
  })
  void theApplicationsSettingsAreReadAtAnalysisToo(String key, String value, String expected) {
    spark.sparkContext().conf().set(key, value);
    assertThatThrownBy(() -> spark.sql(call("onnx_predict")))
        .isInstanceOfSatisfying(AnalysisException.class, OnnxConfTest::isOfASetting)
        .hasMessageStartingWith(refusal(key, value, expected));
  }

  @Test
  void aSettingThatIsWrongAfterTheAnalysisIsRefusedInTheSameWords() {
    Dataset<Row> analyzed = spark.sql(call("onnx_predict"));
    spark.conf().set(OnnxConf.BATCH_SIZE, "0");
    assertThatThrownBy(analyzed::collectAsList)
        .isInstanceOfSatisfying(AnalysisException.class, OnnxConfTest::isOfASetting)
        .hasMessage(refusal(OnnxConf.BATCH_SIZE, "0", "a number of rows, at least 1, is needed"));
  }

  @Test
  void rootsThatAreNotSetAreNoList() {
    assertThat(OnnxConf.of(new SparkConf(false)).modelRoots()).isNull();
  }

  @Test
  void valuesHaveTheirUnits() {
    OnnxConf conf =
        OnnxConf.of(
            new SparkConf(false)
                .set(OnnxConf.HTTP_TIMEOUT, "1500ms")
                .set(OnnxConf.CACHE_MAX_BYTES, "3m")
                .set(OnnxConf.MODEL_ROOTS, "hdfs:///a , file:/b"));
    assertThat(conf.httpTimeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(conf.cacheMaxBytes()).isEqualTo(3 << 20);
    assertThat(conf.modelRoots()).containsExactly("hdfs:///a", "file:/b");
    assertThat(conf.maxModelBytes()).isLessThanOrEqualTo(Runtime.getRuntime().maxMemory());
  }

  @ParameterizedTest
  @CsvSource({"spark.onnx.model.roots", "spark.onnx.cache.maxBytes", "spark.onnx.maxModelBytes"})
  void aSessionCannotSetWhatProtectsTheApplication(String key) {
    assertThatThrownBy(() -> spark.sql("SET " + key + "=1")).hasMessageContaining(key);
    assertThatThrownBy(() -> spark.conf().set(key, "1")).hasMessageContaining("CANNOT_MODIFY");
  }
}
