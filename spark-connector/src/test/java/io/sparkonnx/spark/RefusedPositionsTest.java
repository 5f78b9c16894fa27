package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.InMemoryRowLevelOperationTableCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a call cannot stand, the analysis says so, and what to write instead. */
@ExtendWith(SparkSessionExtension.class)
class RefusedPositionsTest {
  private static final String CATALOG = "spark.sql.catalog.refusing";

  @TempDir static Path models;
  private static ScoredQueries queries;

  /** A statement and what the error says. */
  record Refused(String name, String statement, String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void createTables(SparkSession spark) {
    queries = ScoredQueries.create(spark, models);
    spark.conf().set(CATALOG, InMemoryRowLevelOperationTableCatalog.class.getName());
    spark.sql("CREATE TABLE refusing.ns.kept (pk BIGINT NOT NULL, a DOUBLE)");
  }

  @AfterEach
  void resetModes(SparkSession spark) {
    Modes.reset(spark);
  }

  @AfterAll
  static void removeCatalog(SparkSession spark) {
    spark.sql("DROP TABLE refusing.ns.kept");
    spark.conf().unset(CATALOG);
  }

  private static final String OUTER =
      "onnx_predict over columns of both sides cannot stand in the condition of a %s join;"
          + " join first and call it on the result";

  private static final String MERGE =
      "onnx_predict over columns of both tables cannot stand in the ON condition of MERGE; join the"
          + " tables in the source query and call it there";

  private static final String SUBQUERY =
      "onnx_predict over columns of the outer query and of the subquery cannot stand in EXISTS or"
          + " IN; join the two and call it on the result";

  private static final String LAMBDA =
      "onnx_predict cannot be called in a lambda function; explode the array, call it on the rows"
          + " and collect them again";

  private static final String CONSTRAINT =
      "onnx_predict cannot be called in a CHECK constraint; store its result in a column and check"
          + " that column";

  static Stream<Refused> refusals() {
    return Stream.of(
        new Refused(
            "left join",
            "SELECT 1 FROM t LEFT JOIN u ON t.id = u.id AND SCORE(t.a, u.a) > 1",
            OUTER.formatted("LEFT OUTER")),
        new Refused(
            "right join",
            "SELECT 1 FROM t RIGHT JOIN u ON SCORE(t.a, u.a) > 1",
            OUTER.formatted("RIGHT OUTER")),
        new Refused(
            "full join",
            "SELECT 1 FROM t FULL JOIN u ON SCORE(t.a, u.a) > 1",
            OUTER.formatted("FULL OUTER")),
        new Refused(
            "semi join",
            "SELECT 1 FROM t LEFT SEMI JOIN u ON SCORE(t.a, u.a) > 1",
            OUTER.formatted("LEFT SEMI")),
        new Refused(
            "anti join",
            "SELECT 1 FROM t LEFT ANTI JOIN u ON SCORE(t.a, u.a) > 1",
            OUTER.formatted("LEFT ANTI")),
        new Refused(
            "ON of MERGE",
            "MERGE INTO refusing.ns.kept k USING t ON SCORE(k.a, t.a) > 1 WHEN MATCHED THEN DELETE",
            MERGE),
        new Refused(
            "ON of a MERGE that only inserts",
            "MERGE INTO refusing.ns.kept k USING t ON SCORE(k.a, t.a) > 1"
                + " WHEN NOT MATCHED THEN INSERT (pk, a) VALUES (t.id, t.a)",
            MERGE),
        new Refused(
            "EXISTS",
            "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u WHERE SCORE(t.a, u.a) > 1)",
            SUBQUERY),
        new Refused(
            "NOT EXISTS in a column",
            "SELECT NOT EXISTS (SELECT 1 FROM u WHERE SCORE(u.b, t.b) > 1) FROM t",
            SUBQUERY),
        new Refused(
            "IN",
            "SELECT 1 FROM t WHERE id IN (SELECT id FROM u WHERE SCORE(t.a, u.a) > 1)",
            SUBQUERY),
        new Refused("lambda", "SELECT transform(array(a), x -> SCORE(x, b)) FROM t", LAMBDA),
        new Refused(
            "lambda of a condition",
            "SELECT filter(array(a), x -> x > 1 AND SCORE(1, x + 1) > 2) FROM t",
            LAMBDA),
        new Refused(
            "lambda of a fold",
            "SELECT aggregate(array(a), 0D, (s, x) -> s + double(SCORE(x, 1))) FROM t",
            LAMBDA),
        new Refused(
            "generated column",
            "CREATE TABLE refusing.ns.x (a DOUBLE, s FLOAT GENERATED ALWAYS AS (SCORE(a, a)))",
            "onnx_predict cannot be called in the generated column s; compute it in the query that"
                + " writes the table"),
        new Refused(
            "CHECK",
            "CREATE TABLE refusing.ns.x (a DOUBLE, CONSTRAINT c CHECK (SCORE(a, a) > 0))",
            CONSTRAINT),
        new Refused(
            "ADD CONSTRAINT",
            "ALTER TABLE refusing.ns.kept ADD CONSTRAINT c CHECK (SCORE(a, a) > 0)",
            CONSTRAINT),
        new Refused(
            "DEFAULT of a variable",
            "DECLARE VARIABLE v FLOAT DEFAULT SCORE(1, 2)",
            "onnx_predict cannot be called in CreateVariable; compute it in a query first and use"
                + " its column"),
        new Refused(
            "DEFAULT of a column",
            "CREATE TABLE x (a DOUBLE, s FLOAT DEFAULT SCORE(1, 2)) USING parquet",
            "`s` has a DEFAULT value onnx_predict('"),
        new Refused(
            "VALUES",
            "SELECT * FROM VALUES (SCORE(1, 2))",
            "Cannot evaluate the expression \"onnx_predict(score.onnx, 1, 2)\" in inline table"),
        new Refused(
            "LIMIT",
            "SELECT 1 FROM t LIMIT int(SCORE(1, 2))",
            "The limit like expression \"onnx_predict(score.onnx, 1, 2)\" is invalid"));
  }

  static Stream<Modes.Case<Refused>> refusalsInModes() {
    return Modes.each(refusals());
  }

  @ParameterizedTest
  @MethodSource("refusalsInModes")
  void isRefusedAtAnalysis(Modes.Case<Refused> test, SparkSession spark) {
    test.mode().set(spark);
    Refused refused = test.value();
    assertThatThrownBy(() -> spark.sql(queries.score().call(refused.statement())))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(refused.message());
  }
}
