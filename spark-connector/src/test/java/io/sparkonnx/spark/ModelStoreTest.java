package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The data source {@code onnx}. */
@ExtendWith(SparkSessionExtension.class)
class ModelStoreTest {
  private static final Path DEMO =
      Path.of("..", "demo", "models", "digits.onnx").toAbsolutePath().normalize();
  private static final String DEMO_SHA256 =
      "542062efeb8d18e10b762eac517d38d2c64eaef25527fe2a4bf6244efd738c9b";

  @TempDir private Path folder;

  private static Dataset<Row> models(SparkSession spark, Object... paths) {
    String[] names = Arrays.stream(paths).map(Object::toString).toArray(String[]::new);
    return spark.read().format("onnx").load(names);
  }

  private Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  private void linear(String name) throws IOException {
    Files.write(file(name), TestModel.linear(1, 2, 3).bytes());
  }

  private static List<String> names(Dataset<Row> rows) {
    return rows.selectExpr("substring_index(path, '/', -1)").collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static long metric(Dataset<Row> rows, String name) {
    SparkPlan plan = Evaluations.execution(rows).executedPlan();
    while (!(plan instanceof BatchScanExec)) {
      plan = plan.children().head();
    }
    return plan.metrics().apply(name).value();
  }

  @Test
  void aModelIsARow(SparkSession spark) {
    Row row = models(spark, DEMO).collectAsList().get(0);
    assertThat(row.<String>getAs("path")).isEqualTo("file:" + DEMO);
    assertThat(row.<String>getAs("sha256")).isEqualTo(DEMO_SHA256);
    assertThat(row.<String>getAs("producer")).isEqualTo("pytorch 2.15.0");
    assertThat(row.getJavaMap(row.fieldIndex("opsets"))).isEqualTo(Map.of("ai.onnx", 18));
    assertThat(row.getList(row.fieldIndex("inputs")).toString())
        .isEqualTo("[[image,float,ArraySeq(batch, 1, 8, 8)]]");
    assertThat(row.getList(row.fieldIndex("outputs")).toString())
        .isEqualTo("[[probabilities,float,ArraySeq(batch, 10)]]");
    assertThat(row.<Long>getAs("parameters")).isEqualTo(40_394);
    assertThat(row.<String>getAs("flops")).isEqualTo("1239400*batch");
    assertThat(row.<Long>getAs("flops_per_row")).isEqualTo(1_239_400);
    assertThat(row.getJavaMap(row.fieldIndex("operators")))
        .isEqualTo(
            Map.of("Conv", 3, "Gemm", 2, "MaxPool", 2, "Relu", 4, "Reshape", 1, "Softmax", 1));
    assertThat(row.getList(row.fieldIndex("problems"))).isEmpty();
  }

  @Test
  void theSchemaIsThatOfTheDocumentation(SparkSession spark) {
    String port = "array<struct<name:string,type:string,shape:array<string>>>";
    assertThat(models(spark, DEMO).schema().simpleString())
        .isEqualTo(
            "struct<path:string,sha256:string,producer:string,opsets:map<string,int>,inputs:"
                + port
                + ",outputs:"
                + port
                + ",parameters:bigint,flops:string,flops_per_row:bigint,batching:string,"
                + "operators:map<string,int>,problems:array<string>>");
  }

  @Test
  void aFolderGivesItsModelsAtAnyDepth(SparkSession spark) throws IOException {
    linear("a.onnx");
    linear("churn/2/B.ONNX");
    linear("churn/.hidden/c.onnx");
    linear("_staging/d.onnx");
    Files.writeString(file("README.md"), "no model");
    assertThat(names(models(spark, folder))).containsExactly("B.ONNX", "a.onnx");
  }

  @Test
  void aGlobGivesWhatItMatches(SparkSession spark) throws IOException {
    linear("churn/1/m.onnx");
    linear("churn/2/n.onnx");
    linear("fraud/1/o.onnx");
    assertThat(names(models(spark, folder + "/churn/*/*.onnx")))
        .containsExactly("m.onnx", "n.onnx");
    assertThat(names(models(spark, folder + "/{churn,fraud}/1")))
        .containsExactly("m.onnx", "o.onnx");
  }

  @Test
  void aGlobPassesOverHiddenNames(SparkSession spark) throws IOException {
    linear("churn/m.onnx");
    linear("churn/_n.onnx");
    linear("churn/.o.onnx");
    linear("_staging/p.onnx");
    assertThat(names(models(spark, folder + "/churn/*"))).containsExactly("m.onnx");
    assertThat(names(models(spark, folder + "/*"))).containsExactly("m.onnx");
    assertThat(names(models(spark, folder + "/*/*.onnx"))).containsExactly("m.onnx");
    assertThat(names(models(spark, folder + "/_staging/*"))).containsExactly("p.onnx");
    assertThat(names(models(spark, folder + "/_staging"))).containsExactly("p.onnx");
    assertThat(names(models(spark, folder + "/churn/_n.onnx"))).containsExactly("_n.onnx");
  }

  @Test
  void severalPathsGiveEachFileOnce(SparkSession spark) throws IOException {
    linear("a.onnx");
    linear("sub/b.onnx");
    Dataset<Row> rows = models(spark, folder, folder.resolve("sub"), folder.resolve("a.onnx"));
    assertThat(names(rows)).containsExactly("a.onnx", "b.onnx");
  }

  @Test
  void anEmptyFolderGivesNoRows(SparkSession spark) {
    assertThat(models(spark, folder).count()).isZero();
  }

  @Test
  void newFilesAreSeenByTheNextQuery(SparkSession spark) throws IOException {
    Dataset<Row> rows = models(spark, folder);
    assertThat(rows.count()).isZero();
    linear("a.onnx");
    assertThat(rows.count()).isEqualTo(1);
  }

  @Test
  void whatCannotBeUsedIsARowWithItsProblem(SparkSession spark) throws IOException {
    linear("good.onnx");
    Files.writeString(file("text.onnx"), "no model at all");
    Files.write(
        file("unsupported.onnx"),
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .node("com.example", "Teleport", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .bytes());
    List<Row> rows =
        models(spark, folder)
            .orderBy("path")
            .selectExpr("length(sha256)", "inputs IS NULL", "array_join(problems, '|')")
            .collectAsList();
    assertThat(rows.get(0)).isEqualTo(RowFactory.create(64, false, ""));
    assertThat(rows.get(1).getInt(0)).isEqualTo(64);
    assertThat(rows.get(1).getBoolean(1)).isTrue();
    assertThat(rows.get(1).getString(2)).startsWith("not an ONNX model: ");
    assertThat(rows.get(2).getBoolean(1)).isTrue();
    assertThat(rows.get(2).getString(2))
        .startsWith("the model needs what this engine does not have: ")
        .contains("Teleport");
  }

  @Test
  void onlyWhatColumnsNeedIsRead(SparkSession spark) throws IOException {
    linear("a.onnx");
    linear("b.onnx");
    long bytes = 2 * Files.size(folder.resolve("a.onnx"));

    Dataset<Row> paths = models(spark, folder).select("path");
    assertThat(paths.collectAsList()).hasSize(2);
    assertThat(metric(paths, "modelBytesRead")).isZero();
    assertThat(metric(paths, "modelsParsed")).isZero();

    Dataset<Row> hashes = models(spark, folder).select("sha256");
    assertThat(hashes.collectAsList()).hasSize(2);
    assertThat(metric(hashes, "modelBytesRead")).isEqualTo(bytes);
    assertThat(metric(hashes, "modelsParsed")).isZero();

    Dataset<Row> inputs = models(spark, folder).selectExpr("inputs.name");
    assertThat(inputs.collectAsList()).hasSize(2);
    assertThat(metric(inputs, "modelBytesRead")).isEqualTo(bytes);
    assertThat(metric(inputs, "modelsParsed")).isEqualTo(2);
  }

  @Test
  void oneTaskReadsSeveralModels(SparkSession spark) throws IOException {
    for (int i = 0; i < 20; i++) {
      linear(i + ".onnx");
    }
    Dataset<Row> rows = models(spark, folder);
    assertThat(rows.javaRDD().getNumPartitions()).isLessThanOrEqualTo(4);
    assertThat(rows.where("parameters = 3").count()).isEqualTo(20);
  }

  @Test
  void aStoreCanBeQueriedInSql(SparkSession spark) throws IOException {
    linear("a.onnx");
    Files.copy(DEMO, file("digits.onnx"));
    spark.sql("CREATE OR REPLACE TEMPORARY VIEW store USING onnx OPTIONS (path '" + folder + "')");
    List<Row> rows =
        spark
            .sql(
                "SELECT input.name, size(input.shape), flops_per_row FROM store"
                    + " LATERAL VIEW explode(inputs) AS input"
                    + " WHERE operators['Conv'] IS NOT NULL AND size(problems) = 0")
            .collectAsList();
    assertThat(rows).containsExactly(RowFactory.create("image", 4, 1_239_400L));
  }

  @Test
  void aStoreCanBeATableOfTheCatalog(SparkSession spark) throws IOException {
    linear("a.onnx");
    spark.sql("CREATE TABLE model_store USING onnx OPTIONS (path '" + folder + "')");
    try {
      assertThat(names(spark.table("model_store"))).containsExactly("a.onnx");
      linear("b.onnx");
      assertThat(names(spark.table("model_store"))).containsExactly("a.onnx", "b.onnx");
    } finally {
      spark.sql("DROP TABLE model_store");
    }
    assertThat(folder.resolve("a.onnx")).exists();
  }

  @Test
  void theCostOfARowIsOnlyGivenWhereItIsANumber(SparkSession spark) throws IOException {
    String words = "words.onnx";
    Files.write(
        file(words),
        new TestModel()
            .input("x", ElementType.FLOAT, "N", "words")
            .node("Relu", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", "words")
            .bytes());
    Files.write(
        file("one-row.onnx"),
        new TestModel()
            .input("x", ElementType.FLOAT, 1, 5)
            .node("Relu", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, 1, 5)
            .bytes());
    List<Row> rows =
        models(spark, folder).orderBy("path").select("flops", "flops_per_row").collectAsList();
    assertThat(rows)
        .containsExactly(RowFactory.create("5*batch", 5L), RowFactory.create("N*words", null));
  }

  @Test
  void theScanIsExplained(SparkSession spark) {
    String plan = Evaluations.execution(models(spark, DEMO).select("sha256")).toString();
    assertThat(plan).contains("onnx sha256 from " + DEMO);
  }

  @Test
  void aCardIsGivenWhereItIsNamed(SparkSession spark) throws IOException {
    linear("a.onnx");
    Dataset<Row> store = models(spark, folder);
    assertThat(store.columns()).doesNotContain("_card");
    String card = store.select("_card").head().getString(0);
    assertThat(card).contains("a.onnx").contains("<svg").contains("SHA-256");
  }

  @Test
  void whatIsNoModelHasNoCard(SparkSession spark) throws IOException {
    Files.writeString(file("text.onnx"), "text");
    Dataset<Row> store = models(spark, folder);
    assertThat(store.select("_card").head().isNullAt(0)).isTrue();
  }

  @Test
  void aPathThatIsNotThereIsRefusedAtAnalysis(SparkSession spark) {
    assertThatThrownBy(() -> models(spark, folder.resolve("missing")))
        .isInstanceOf(AnalysisException.class)
        .hasMessage(
            "[ONNX_MODEL_STORE] format(\"onnx\"): path "
                + folder.resolve("missing")
                + " does not exist SQLSTATE: 42K03");
    assertThatThrownBy(() -> models(spark, folder + "/*.onnx"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("/*.onnx does not exist");
  }

  @Test
  void noPathIsRefusedAtAnalysis(SparkSession spark) {
    assertThatThrownBy(() -> spark.read().format("onnx").load())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("has no path; a model file, a folder of models or a glob is needed");
  }
}
