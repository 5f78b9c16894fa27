package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models that settings give names, in SQL. */
@ExtendWith(SparkSessionExtension.class)
class ShortNameTest {
  private static final byte[] MODEL = LinearModel.bytes(600, 2, 3);
  private static final String HASH =
      HexFormat.of().formatHex(PiecedBytes.newSha256().digest(MODEL));

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String file;

  @BeforeAll
  static void writeModel(SparkSession session) throws IOException {
    spark = session;
    folder = folder.toRealPath();
    file = LinearModel.write(folder.resolve("churn.onnx"), MODEL);
  }

  @AfterEach
  void forget() {
    spark.sql("RESET spark.onnx.model.churn");
    spark.sql("DROP VIEW IF EXISTS scores");
    spark.sql("DROP VIEW IF EXISTS temporary_scores");
  }

  private static float score(String query) {
    return spark.sql(query).first().getFloat(0);
  }

  private static void refused(String query, String message) {
    assertThatThrownBy(() -> spark.sql(query).collectAsList())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aNameIsSetInSql() {
    spark.sql("SET spark.onnx.model.churn=" + file);
    assertThat(score("SELECT onnx_predict('churn', 1, 1)")).isEqualTo(605);
    spark.sql(
        "SET spark.onnx.model.churn="
            + file
            + "@sha256:"
            + HASH.toUpperCase(java.util.Locale.ROOT));
    assertThat(score("SELECT onnx_predict('churn', 1, 1)")).isEqualTo(605);
  }

  @Test
  void aNameHasTheHashThatItIsSetWith() {
    String other = "a".repeat(64);
    spark.sql("SET spark.onnx.model.churn=" + file + "@sha256:" + other);
    refused(
        "SELECT onnx_predict('churn', 1, 1)",
        "[ONNX_MODEL] onnx_predict('churn'): model churn has SHA-256 "
            + HASH
            + ", but "
            + other
            + " is asked for by spark.onnx.model.churn");
    spark.sql("SET spark.onnx.model.churn=" + file + "@sha256:abc");
    refused(
        "SELECT onnx_predict('churn', 1, 1)",
        "'abc' is no SHA-256; 64 hexadecimal digits are expected");
  }

  @Test
  void namesThatNothingExplains() {
    refused(
        "SELECT onnx_predict('churn', 1, 1)",
        "no model is called 'churn': spark.onnx.model.churn is not set; a file of that name is"
            + " ./churn");
    refused(
        "SELECT onnx_predict('roots', 1, 1)",
        "a model cannot be called 'roots': spark.onnx.model.roots is a setting");
    spark.sql("SET spark.onnx.model.churn=other");
    refused(
        "SELECT onnx_predict('churn', 1, 1)",
        "spark.onnx.model.churn is 'other', a short name; a location is needed");
  }

  @Test
  void aNameIsLookedUpInTheSessionOfTheQuery() {
    spark.sql("SET spark.onnx.model.churn=" + file);
    spark.sql("CREATE TEMPORARY VIEW temporary_scores AS SELECT onnx_predict('churn', 1, 1) AS s");
    assertThat(score("SELECT s FROM temporary_scores")).isEqualTo(605);
  }

  @Test
  void permanentViewsRefuseNames() {
    spark.sql("SET spark.onnx.model.churn=" + file);
    String message =
        "[ONNX_CALL_PLACE] a permanent view cannot call the model 'churn', a short name that only"
            + " settings of a session explain; write '"
            + "file:"
            + folder
            + "/churn.onnx@sha256:"
            + HASH
            + "'";
    refused("CREATE VIEW scores AS SELECT onnx_predict('churn', 1, 1) AS s", message);
    refused(
        "CREATE VIEW scores AS SELECT 1 AS s WHERE 1 IN (SELECT onnx_predict('churn', 1, 1))",
        message);
    spark.sql("CREATE VIEW scores AS SELECT 1 AS s");
    refused("ALTER VIEW scores AS SELECT onnx_predict('churn', 1, 1) AS s", message);
    assertThat(spark.sql("SELECT s FROM scores").first().getInt(0)).isEqualTo(1);
  }

  @Test
  void permanentViewsTakeLocations() {
    spark.sql(
        "CREATE VIEW scores AS SELECT onnx_predict('" + file + "@sha256:" + HASH + "', 1, 1) AS s");
    assertThat(score("SELECT s FROM scores")).isEqualTo(605);
  }
}
