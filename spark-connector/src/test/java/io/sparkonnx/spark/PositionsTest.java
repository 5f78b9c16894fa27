package io.sparkonnx.spark;

import static io.sparkonnx.spark.ScoredQueries.position;

import io.sparkonnx.spark.ScoredQueries.Position;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every position of a query that a call may stand in: the rows are those of the same query with the
 * model's formula, and the plan has the expected number of nodes that score the expected rows.
 */
@ExtendWith(SparkSessionExtension.class)
class PositionsTest {
  @TempDir static Path models;
  private static ScoredQueries queries;

  @BeforeAll
  static void createTables(SparkSession spark) {
    queries = ScoredQueries.create(spark, models);
  }

  @AfterEach
  void resetModes(SparkSession spark) {
    Modes.reset(spark);
  }

  static Stream<Position> positions() {
    return Stream.of(
        position("SELECT", 1, 100, "SELECT id, SCORE(a, b) s FROM t"),
        position("expressions of SELECT", 1, 100, "SELECT SCORE(a, b) + 1, -SCORE(a, b) FROM t"),
        position("star", 1, 100, "SELECT *, SCORE(a, b) s FROM t"),
        position("lateral alias", 1, 100, "SELECT SCORE(a, b) s, s * 2 d FROM t"),
        position("nested", 2, 200, "SELECT id, SCORE(SCORE(a, b), b) s FROM t"),
        position("SELECT DISTINCT", 1, 100, "SELECT DISTINCT SCORE(g, g) s FROM t"),
        position("WHERE", 1, 100, "SELECT id FROM t WHERE SCORE(a, b) > 50"),
        position("WHERE after cheap", 1, 20, "SELECT id FROM t WHERE SCORE(a, b) > 50 AND g = 1"),
        position("WHERE IN", 1, 100, "SELECT id FROM t WHERE SCORE(a, b) IN (1, 6, 11)"),
        position("WHERE BETWEEN", 1, 100, "SELECT id FROM t WHERE SCORE(a, b) BETWEEN 5 AND 90"),
        position("GROUP BY", 1, 100, "SELECT SCORE(g, b) s, count(*) FROM t GROUP BY SCORE(g, b)"),
        position("GROUP BY ordinal", 1, 100, "SELECT SCORE(g, b), count(*) FROM t GROUP BY 1"),
        position("GROUP BY ALL", 1, 100, "SELECT SCORE(g, b) s, max(a) FROM t GROUP BY ALL"),
        position(
            "ROLLUP",
            1,
            100,
            "SELECT g, sum(SCORE(a, b)), grouping(g) FROM t GROUP BY ROLLUP (g, b)"),
        position(
            "CUBE of scores",
            1,
            100,
            "SELECT SCORE(g, b) s, g, count(*) FROM t GROUP BY CUBE (SCORE(g, b), g)"),
        position(
            "GROUPING SETS",
            1,
            100,
            "SELECT g, b, max(SCORE(a, b)) FROM t GROUP BY GROUPING SETS ((g), (b), ())"),
        position(
            "HAVING of an aggregate",
            1,
            100,
            "SELECT g FROM t GROUP BY g HAVING max(SCORE(a, b)) > 210"),
        position("HAVING of a group", 1, 5, "SELECT g FROM t GROUP BY g HAVING SCORE(g, g) > 10"),
        position(
            "HAVING of a group and arithmetic",
            1,
            5,
            "SELECT g + 1, sum(a) / count(*) FROM t GROUP BY g HAVING SCORE(g, g) > 10"),
        position(
            "HAVING of a group's score",
            1,
            5,
            "SELECT SCORE(g, g) s, max(a) FROM t GROUP BY g HAVING s > 10"),
        position(
            "HAVING after WHERE",
            2,
            105,
            "SELECT g FROM t WHERE SCORE(a, b) > 50 GROUP BY g HAVING SCORE(g, g) > 10"),
        position(
            "WHERE of a string that groups rows",
            1,
            2,
            "SELECT k, count(*) FROM VALUES ('a'), ('a'), ('b') v(k) WHERE SCORE(ascii(k), 1) > 198"
                + " GROUP BY k"),
        position(
            "WHERE of a string of a group that has others",
            1,
            2,
            "SELECT count(*) FROM VALUES ('a' COLLATE UTF8_LCASE), ('A' COLLATE UTF8_LCASE) v(k)"
                + " WHERE SCORE(ascii(k), 1) > 150 GROUP BY k"),
        position(
            "WHERE of a double that groups rows",
            1,
            2,
            "SELECT count(*) FROM VALUES (0.0D), (-0.0D) v(k) WHERE SCORE(k, k) > 0 GROUP BY k"),
        position(
            "WHERE of a float that groups rows",
            1,
            2,
            "SELECT count(*) FROM VALUES (0.0F), (-0.0F) v(k) WHERE SCORE(k, k) > 0 GROUP BY k"),
        position(
            "WHERE of a group against random numbers",
            1,
            100,
            "SELECT g, count(*) FROM t WHERE SCORE(g, g) > 21 * rand(7) GROUP BY g"),
        position(
            "WHERE before a sum that fails on other rows",
            1,
            100,
            "SELECT g, sum(1 DIV g) FROM t WHERE SCORE(g, g) > 1 GROUP BY g"),
        position(
            "WHERE before a FILTER that fails on other rows",
            1,
            100,
            "SELECT g, count(a) FILTER (WHERE 1 DIV g = 1) FROM t WHERE SCORE(g, g) > 1 GROUP BY g"),
        position(
            "WHERE before a column that fails on other groups",
            1,
            5,
            "SELECT 1 DIV g FROM t WHERE SCORE(g, g) > 1 GROUP BY g"),
        position(
            "WHERE of a group before WHERE of a row",
            2,
            160,
            "SELECT g FROM t WHERE SCORE(g, g) > 10 AND SCORE(a, b) > 50 GROUP BY g"),
        position(
            "ORDER BY, which samples first",
            1,
            200,
            "SELECT id FROM t ORDER BY SCORE(a, b) DESC, id"),
        position("ORDER BY a column", 1, 100, "SELECT id, SCORE(a, b) + 1 FROM t ORDER BY id"),
        position("first rows", 1, 3, "SELECT id i, SCORE(a, b) FROM t ORDER BY i DESC LIMIT 3"),
        position(
            "sorted input", 1, 100, "SELECT max(s) FROM (SELECT SCORE(a, b) s FROM t ORDER BY id)"),
        position("ORDER BY LIMIT", 1, 100, "SELECT id FROM t ORDER BY SCORE(b, a), id LIMIT 5"),
        position("SORT BY", 1, 100, "SELECT id FROM t SORT BY SCORE(b, a)"),
        position("DISTRIBUTE BY", 1, 100, "SELECT id FROM t DISTRIBUTE BY SCORE(b, a)"),
        position("LIMIT", 1, 7, "SELECT SCORE(a, b) s FROM (SELECT * FROM t ORDER BY id) LIMIT 7"),
        position("OFFSET", 1, 3, "SELECT SCORE(a, b) FROM t ORDER BY id LIMIT 3 OFFSET 40"),
        position("aggregate's argument", 1, 100, "SELECT g, avg(SCORE(a, b)) FROM t GROUP BY g"),
        position("global aggregate", 1, 100, "SELECT sum(SCORE(a, b)), min(SCORE(a, b)) FROM t"),
        position(
            "DISTINCT aggregates",
            1,
            100,
            "SELECT count(DISTINCT SCORE(g, b)), count(DISTINCT g), sum(a) FROM t"),
        position("FILTER", 1, 100, "SELECT count(*) FILTER (WHERE SCORE(a, b) > 99) FROM t"),
        position("over aggregates", 1, 5, "SELECT g, SCORE(sum(a), max(b)) FROM t GROUP BY g"),
        position("over a global aggregate", 1, 1, "SELECT SCORE(sum(a), 1 + max(b)) FROM t"),
        position(
            "over an aggregate of scores",
            2,
            105,
            "SELECT SCORE(max(SCORE(a, b)), g) FROM t GROUP BY g"),
        position(
            "window input",
            1,
            100,
            "SELECT id, sum(SCORE(a, b)) OVER (PARTITION BY g ORDER BY id) FROM t"),
        position(
            "window partition and order",
            1,
            100,
            "SELECT id, rank() OVER (PARTITION BY SCORE(g, g) ORDER BY SCORE(g, g), id) FROM t"),
        position(
            "over a window",
            1,
            100,
            "SELECT id, SCORE(a, row_number() OVER (PARTITION BY g ORDER BY id)) FROM t"),
        position("join, left side", 1, 100, "SELECT 1 FROM t JOIN u ON SCORE(t.a, t.b) = u.id"),
        position(
            "join, both sides",
            1,
            20,
            "SELECT t.id, u.id FROM t JOIN u ON t.g = u.b AND u.id = 30 AND SCORE(t.a, u.a) > 100"),
        position("cross join", 1, 100, "SELECT 1 FROM u l, u r WHERE SCORE(l.a, r.b) > 10"),
        position(
            "join of scores",
            2,
            110,
            "SELECT t.id FROM t JOIN u ON SCORE(t.a, t.b) = SCORE(u.a, u.b)"),
        position(
            "left join, preserved side",
            1,
            100,
            "SELECT t.id, u.id FROM t LEFT JOIN u ON t.id = u.id AND SCORE(t.a, t.b) > 100"),
        position(
            "left join, other side",
            1,
            10,
            "SELECT t.id, u.id FROM t LEFT JOIN u ON t.id = u.id AND SCORE(u.a, u.b) > 100"),
        position(
            "full join, one side",
            1,
            10,
            "SELECT t.id, u.id FROM t FULL JOIN u ON t.id = u.id AND SCORE(u.a, u.b) > 100"),
        position(
            "above a left join",
            1,
            10,
            "SELECT t.id, SCORE(u.a, t.b) FROM t LEFT JOIN u ON t.id = u.id WHERE u.a IS NOT NULL"),
        position(
            "semi join", 1, 100, "SELECT id FROM u LEFT SEMI JOIN t ON u.id = SCORE(t.a, t.b)"),
        position(
            "anti join", 1, 100, "SELECT id FROM u LEFT ANTI JOIN t ON u.id = SCORE(t.a, t.b)"),
        position(
            "USING",
            1,
            100,
            "SELECT * FROM (SELECT SCORE(a, b) s FROM t) JOIN (SELECT float(id) s FROM u) USING (s)"),
        position(
            "CTE",
            1,
            100,
            "WITH s AS (SELECT id, SCORE(a, b) p FROM t) SELECT * FROM s WHERE p > 9"),
        position(
            "CTE used twice",
            2,
            200,
            "WITH s AS (SELECT id, SCORE(a, b) p FROM t) SELECT x.p, y.p FROM s x JOIN s y"
                + " ON x.id = y.id + 1"),
        position("subquery in FROM", 1, 100, "SELECT max(s) FROM (SELECT SCORE(a, b) s FROM t)"),
        position("scalar subquery", 1, 100, "SELECT id, (SELECT max(SCORE(a, b)) FROM t) FROM u"),
        position("IN subquery", 1, 100, "SELECT id FROM u WHERE id IN (SELECT SCORE(a, b) FROM t)"),
        position(
            "score IN subquery",
            1,
            100,
            "SELECT id FROM t WHERE SCORE(a, b) IN (SELECT id FROM u)"),
        position(
            "NOT IN subquery",
            1,
            100,
            "SELECT id FROM u WHERE id NOT IN (SELECT SCORE(a, b) FROM t)"),
        position(
            "EXISTS",
            1,
            100,
            "SELECT id FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.id = u.id AND SCORE(a, b) > 50)"),
        position(
            "correlated scalar subquery",
            1,
            100,
            "SELECT id, (SELECT max(SCORE(t.a, t.b)) FROM t WHERE t.g = u.g) FROM u"),
        position(
            "LATERAL",
            1,
            10,
            "SELECT u.id, s FROM u, LATERAL (SELECT SCORE(t.a, t.b) s FROM t WHERE t.id = u.id)"),
        position(
            "LATERAL of outer columns",
            1,
            10,
            "SELECT u.id, s FROM u, LATERAL (SELECT SCORE(u.a, u.b) s)"),
        position(
            "UNION ALL", 2, 110, "SELECT SCORE(a, b) FROM t UNION ALL SELECT SCORE(a, b) FROM u"),
        position("EXCEPT", 2, 110, "SELECT SCORE(a, b) FROM t EXCEPT SELECT SCORE(a, b) FROM u"),
        position(
            "INTERSECT", 2, 110, "SELECT SCORE(a, b) FROM t INTERSECT SELECT SCORE(a, b) FROM u"),
        position("explode", 1, 10, "SELECT id, explode(array(SCORE(a, b), 1f)) FROM u"),
        position(
            "LATERAL VIEW",
            1,
            10,
            "SELECT id, e FROM u LATERAL VIEW explode(array(SCORE(a, b))) AS e"),
        position(
            "PIVOT",
            1,
            100,
            "SELECT * FROM (SELECT g, b, SCORE(a, b) s FROM t) PIVOT (sum(s) FOR b IN (0, 1, 2))"),
        position(
            "UNPIVOT",
            1,
            10,
            "SELECT * FROM (SELECT id, SCORE(a, b) s, float(a) f FROM u) UNPIVOT (v FOR n IN (s, f))"),
        position("VALUES", 1, 2, "SELECT SCORE(x, y) FROM VALUES (1.0D, 2), (3.0D, 4) v(x, y)"),
        position("no table", 1, 1, "SELECT SCORE(1.5D, 2)"),
        position("pipe syntax", 1, 100, "FROM t |> EXTEND SCORE(a, b) AS s |> WHERE s > 50"),
        position(
            "file of a scored row",
            1,
            20,
            "SELECT id, input_file_name() FROM t WHERE g = 1 AND SCORE(a, b) > 50"),
        position(
            "grouped by the file of a scored row",
            1,
            100,
            "SELECT input_file_name(), max(p) FROM"
                + " (SELECT id, SCORE(a, b) p FROM (SELECT DISTINCT id, a, b FROM t)) GROUP BY 1"),
        position(
            "file of a scored row behind a limit",
            1,
            100,
            "SELECT count(f), count(DISTINCT f = '') FROM"
                + " (SELECT input_file_name() f, SCORE(a, b) s FROM t LIMIT 1000) WHERE s > 0"),
        position("struct field", 1, 10, "SELECT named_struct('s', SCORE(a, b)).s FROM u"));
  }

  static Stream<Modes.Case<Position>> positionsInModes() {
    return Modes.each(positions());
  }

  @ParameterizedTest
  @MethodSource("positionsInModes")
  void givesTheFormulasRows(Modes.Case<Position> test) {
    queries.check(test);
  }
}
