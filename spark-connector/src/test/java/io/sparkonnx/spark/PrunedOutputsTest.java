package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.bind.OutputSlot;
import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that a query does not read are not computed, and what only they need is not read. */
@ExtendWith(SparkSessionExtension.class)
class PrunedOutputsTest {
  @TempDir static Path folder;
  private static SparkSession spark;
  private static String call;

  /** total = a + b, ratio = a / c, square = c · c; t has a = id, b = 2 id, c = id + 1. */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    String model =
        new TestModel()
            .input("a", ElementType.FLOAT, "N")
            .input("b", ElementType.FLOAT, "N")
            .input("c", ElementType.FLOAT, "N")
            .node("Add", List.of("a", "b"), List.of("total"))
            .node("Div", List.of("a", "c"), List.of("ratio"))
            .node("Mul", List.of("c", "c"), List.of("square"))
            .output("total", ElementType.FLOAT, "N")
            .output("ratio", ElementType.FLOAT, "N")
            .output("square", ElementType.FLOAT, "N")
            .write(folder, "three.onnx");
    call = "onnx_predict('" + model + "', a, b, c)";
    String table = folder.resolve("t").toString();
    spark
        .range(100)
        .selectExpr("id", "float(id) a", "float(2 * id) b", "float(id + 1) c", "id % 5 g")
        .write()
        .parquet(table);
    spark.read().parquet(table).createOrReplaceTempView("three");
  }

  private static Dataset<Row> sql(String query) {
    return spark.sql(query.replace("CALL", call));
  }

  private static void assertRead(Dataset<Row> query, String schema) {
    assertThat(Evaluations.execution(query).executedPlan().toString())
        .contains("ReadSchema: struct<" + schema + ">");
  }

  /** The outputs of each call of the query, after it has run. */
  private static List<List<String>> computed(Dataset<Row> query) {
    assertThat(query.collectAsList()).isNotEmpty();
    List<OnnxEvalExec> nodes = Evaluations.of(query);
    return nodes.stream()
        .flatMap(node -> scala.jdk.javaapi.CollectionConverters.asJava(node.calls()).stream())
        .map(made -> made.call().outputs().stream().map(OutputSlot::output).toList())
        .toList();
  }

  @Test
  void oneFieldIsOneOutput() {
    Dataset<Row> query = sql("SELECT id, CALL.ratio FROM three");
    assertThat(computed(query)).containsExactly(List.of("ratio"));
    assertRead(query, "id:bigint,a:float,c:float");
    assertThat(query.collectAsList())
        .allSatisfy(
            row ->
                assertThat(row.getFloat(1))
                    .isEqualTo((float) row.getLong(0) / (row.getLong(0) + 1)));
  }

  @Test
  void fieldsOfAColumnAreOneCall() {
    Dataset<Row> query =
        spark
            .table("three")
            .selectExpr("id", call + " p")
            .selectExpr("p.square", "p.total", "p.square + 1");
    assertThat(computed(query)).containsExactly(List.of("total", "square"));
    assertThat(query.orderBy("square").first().getFloat(1)).isZero();
    assertThat(query.orderBy(org.apache.spark.sql.functions.col("square").desc()).first())
        .isEqualTo(org.apache.spark.sql.RowFactory.create(10_000f, 297f, 10_001f));
  }

  @Test
  void fieldsOfEqualCallsAreOneCall() {
    Dataset<Row> query = sql("SELECT CALL.ratio, CALL.square FROM three WHERE CALL.ratio > 0.5");
    assertThat(computed(query)).containsExactly(List.of("ratio", "square"));
    assertRead(query, "a:float,c:float");
    assertThat(Evaluations.rows(query)).isEqualTo(100);
  }

  @Test
  void aFieldThatIsFilteredAndOneThatIsSelected() {
    Dataset<Row> query =
        spark
            .table("three")
            .selectExpr("id", call + " p")
            .filter("p.square > 100 AND id < 50")
            .selectExpr("id", "p.total");
    assertThat(computed(query)).containsExactly(List.of("total", "square"));
    assertThat(query.count()).isEqualTo(40);
  }

  @Test
  void fieldsInAggregatesSortsAndJoins() {
    assertThat(computed(sql("SELECT g, avg(CALL.square) FROM three GROUP BY g")))
        .containsExactly(List.of("square"));
    assertThat(computed(sql("SELECT id FROM three ORDER BY CALL.total, id LIMIT 3")))
        .containsExactly(List.of("total"));
    assertThat(
            computed(
                sql(
                    "SELECT l.id, l.p.ratio FROM (SELECT id, g, CALL p FROM three) l"
                        + " JOIN three r ON l.id = r.id WHERE l.p.total > 5")))
        .containsExactly(List.of("total", "ratio"));
  }

  @Test
  void aFieldInABranch() {
    Dataset<Row> query = sql("SELECT id, IF(g = 1, CALL.square, 0f) s FROM three");
    assertThat(computed(query)).containsExactly(List.of("square"));
    assertRead(query, "id:bigint,c:float,g:bigint");
    assertThat(Evaluations.rows(query)).isEqualTo(20);
    assertThat(query.filter("id = 6").first().getFloat(1)).isEqualTo(49f);
  }

  @Test
  void theWholeStructIsAllOutputs() {
    List<String> all = List.of("total", "ratio", "square");
    assertThat(computed(sql("SELECT CALL p, CALL.ratio FROM three"))).containsExactly(all);
    assertThat(computed(sql("SELECT p.* FROM (SELECT CALL p FROM three)"))).containsExactly(all);
    assertThat(computed(sql("SELECT p.ratio FROM (SELECT DISTINCT CALL p FROM three)")))
        .containsExactly(all);
    assertThat(
            computed(
                sql("SELECT CALL p FROM three UNION ALL SELECT CALL p FROM three WHERE id > 3")))
        .containsExactly(all, all);
  }

  @Test
  void argumentsOfOutputsThatAreNotReadAreNotChecked() {
    String nulls = call.replace("a, b, c", "a, float(NULL), c");
    assertThat(spark.sql("SELECT " + nulls + ".square s FROM three ORDER BY s").first().getFloat(0))
        .isEqualTo(1f);
  }

  @Test
  void aFieldOfALenientCallIsNullWhereTheStructIs() {
    String lenient = "try_" + call.replace("a, b, c", "a, IF(id % 2 = 0, NULL, b), c");
    Dataset<Row> fields = spark.sql("SELECT id, " + lenient + ".square s FROM three");
    assertThat(computed(fields)).containsExactly(List.of("total", "ratio", "square"));
    assertThat(fields.filter("(s IS NULL) = (id % 2 = 0)").count()).isEqualTo(100);
    Dataset<Row> structs = spark.sql("SELECT id, " + lenient + " p FROM three");
    assertThat(structs.filter("(p IS NULL) = (id % 2 = 0)").count()).isEqualTo(100);
  }

  @Test
  void aLenientCallForSomeOutputsNeedsOnlyTheirArguments() {
    String some = "try_" + call.replace("b, c)", "NULL, c, named_struct('outputs', 'square'))");
    Dataset<Row> query =
        spark.sql("SELECT " + some.replace("NULL", "float(NULL)") + " s FROM three");
    assertRead(query, "c:float");
    assertThat(query.filter("s IS NULL").count()).isZero();
  }

  @Test
  void theOptionOutputsComputesOnlyThese() {
    String some = call.replace("c)", "c, named_struct('outputs', array('square')))");
    Dataset<Row> query = spark.sql("SELECT " + some + " s FROM three");
    assertThat(computed(query)).containsExactly(List.of("square"));
    assertRead(query, "c:float");
    assertThat(query.orderBy("s").first().getFloat(0)).isEqualTo(1f);
  }
}
