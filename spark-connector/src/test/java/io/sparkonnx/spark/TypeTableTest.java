package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

/** Every column type against every element type, from rows and from columns. */
@ExtendWith(SparkSessionExtension.class)
class TypeTableTest {
  /** Short for a refusal; anything else is the value that the model gets. */
  private static final Map<String, String> REFUSALS =
      Map.of(
          "cast", "must be cast to",
          "date", "a date without a unit; write unix_date(…) for days since 1970-01-01",
          "time", "a time without a unit; write unix_seconds(…), unix_millis(…) or unix_micros(…)",
          "none", "which no input takes");

  private static final String BAD_ROW = "range";
  private static final String BAD_BYTES = "bytes";

  private static final String TABLE =
      """
      value                       |FLOAT       |DOUBLE             |FLOAT16    |BFLOAT16  |INT8 |INT16|INT32     |INT64   |UINT8|UINT16|UINT32    |UINT64  |BOOL|STRING
      tinyint(7)                  |7.0         |7.0                |7.0        |7.0       |7    |7    |7         |7       |7    |7     |7         |7       |cast|cast
      tinyint(-5)                 |-5.0        |-5.0               |-5.0       |-5.0      |-5   |-5   |-5        |-5      |range|range |range     |range   |cast|cast
      smallint(300)               |300.0       |300.0              |300.0      |300.0     |cast |300  |300       |300     |range|300   |300       |300     |cast|cast
      70000                       |70000.0     |70000.0            |range      |70144.0   |cast |cast |70000     |70000   |cast |range |70000     |70000   |cast|cast
      16777217L                   |1.6777216E7 |1.6777217E7        |range      |1.6777216E7|cast|cast |cast      |16777217|cast |cast  |16777217  |16777217|cast|cast
      float(0.1)                  |0.1         |0.10000000149011612|0.099975586|0.100097656|cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      double(0.1)                 |0.1         |0.1                |0.099975586|0.100097656|cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      double(1e300)               |range       |1.0E300            |range      |range     |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      float('Infinity')           |Infinity    |Infinity           |Infinity   |Infinity  |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      double('-Infinity')         |-Infinity   |-Infinity          |-Infinity  |-Infinity |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      double('NaN')               |NaN         |NaN                |NaN        |NaN       |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      12345678.91BD               |1.2345679E7 |1.234567891E7      |range      |1.2320768E7|cast|cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      decimal(5)                  |5.0         |5.0                |5.0        |5.0       |cast |cast |cast      |cast    |cast |cast  |cast      |5       |cast|cast
      cast(0.1 as decimal(38,18)) |0.1         |0.1                |0.099975586|0.100097656|cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      18446744073709551615BD      |1.8446744E19|1.8446744073709552E19|range    |1.8446744E19|cast|cast|cast      |cast    |cast |cast  |cast      |18446744073709551615|cast|cast
      -1BD                        |-1.0        |-1.0               |-1.0       |-1.0      |cast |cast |cast      |cast    |cast |cast  |cast      |range   |cast|cast
      true                        |cast        |cast               |cast       |cast      |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |true|cast
      'grün'                      |cast        |cast               |cast       |cast      |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|grün
      'A' collate UTF8_LCASE      |cast        |cast               |cast       |cast      |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|A
      X'0000C03F'                 |1.5         |bytes              |bytes      |bytes     |bytes|bytes|1069547520|bytes   |bytes|bytes |1069547520|bytes   |bytes|cast
      date'2020-01-01'            |date        |date               |date       |date      |date |date |date      |date    |date |date  |date      |date    |date|cast
      timestamp'2020-01-01 00:00' |time        |time               |time       |time      |time |time |time      |time    |time |time  |time      |time    |time|cast
      timestamp_ntz'2020-01-01 00:00'|time     |time               |time       |time      |time |time |time      |time    |time |time  |time      |time    |time|cast
      null                        |cast        |cast               |cast       |cast      |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      parse_json('1')             |cast        |cast               |cast       |cast      |cast |cast |cast      |cast    |cast |cast  |cast      |cast    |cast|cast
      time'12:00:00'              |none        |none               |none       |none      |none |none |none      |none    |none |none  |none      |none    |none|none
      interval '1' day            |none        |none               |none       |none      |none |none |none      |none    |none |none  |none      |none    |none|none
      interval '1' month          |none        |none               |none       |none      |none |none |none      |none    |none |none  |none      |none    |none|none
      map('a', 1)                 |none        |none               |none       |none      |none |none |none      |none    |none |none  |none      |none    |none|none
      """;

  /** How the table's value becomes an argument, and what a row of the model's input is then. */
  enum Nesting {
    VALUE("%s", "", "%s"),
    ARRAY("array(%1$s, %1$s)", "2", "[%1$s, %1$s]"),
    NESTED("array(array(%1$s), array(%1$s))", "2 1", "[[%1$s], [%1$s]]");

    private final String sql;
    private final String rowDims;
    private final String result;

    Nesting(String sql, String rowDims, String result) {
      this.sql = sql;
      this.rowDims = rowDims;
      this.result = result;
    }

    String text(Object value) {
      return String.format(Locale.ROOT, result, value);
    }
  }

  @TempDir static Path folder;
  private static SparkSession spark;
  private static final Map<String, Map<ElementType, String>> CELLS = parse();

  private static Map<String, Map<ElementType, String>> parse() {
    List<String> lines = TABLE.lines().toList();
    List<ElementType> elements = new ArrayList<>();
    for (String name : lines.get(0).split("\\|")) {
      elements.add(name.trim().equals("value") ? null : ElementType.valueOf(name.trim()));
    }
    Map<String, Map<ElementType, String>> cells = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] columns = line.split("\\|");
      Map<ElementType, String> row = new LinkedHashMap<>();
      for (int i = 1; i < elements.size(); i++) {
        row.put(elements.get(i), columns[i].trim());
      }
      cells.put(columns[0].trim(), row);
    }
    return cells;
  }

  static List<String> values() {
    return List.copyOf(CELLS.keySet());
  }

  @BeforeAll
  static void session(SparkSession session) {
    spark = session;
  }

  private static String model(ElementType element, Nesting nesting) {
    List<Object> dims = new ArrayList<>(List.of("N"));
    nesting
        .rowDims
        .lines()
        .flatMap(line -> Stream.of(line.split(" ")))
        .map(Integer::valueOf)
        .forEach(dims::add);
    return new TestModel()
        .input("in", element, dims.toArray())
        .node("Identity", List.of("in"), List.of("out"))
        .output("out", element, dims.toArray())
        .write(folder, element + "_" + nesting + ".onnx");
  }

  private static String call(ElementType element, Nesting nesting, String argument) {
    return "onnx_predict('" + model(element, nesting) + "', " + argument + ")";
  }

  @ParameterizedTest
  @MethodSource("values")
  void aColumnOfThisTypeFillsWhatTheTableSays(String value) {
    List<String> calls = new ArrayList<>();
    List<String> results = new ArrayList<>();
    List<String> badRows = new ArrayList<>();
    for (Nesting nesting : Nesting.values()) {
      String sql = String.format(Locale.ROOT, nesting.sql, value);
      String column = nesting.name().toLowerCase(Locale.ROOT);
      CELLS
          .get(value)
          .forEach(
              (element, cell) -> {
                String call = call(element, nesting, column);
                if (value.startsWith("X'") && nesting != Nesting.VALUE) {
                  refused(call(element, nesting, sql), REFUSALS.get("cast"));
                } else if (REFUSALS.containsKey(cell)) {
                  refused(call(element, nesting, sql), REFUSALS.get(cell));
                } else if (!cell.equals(BAD_ROW) && !cell.equals(BAD_BYTES)) {
                  calls.add(call);
                  results.add(nesting.text(bits(element, cell)));
                } else if (nesting != Nesting.NESTED) {
                  badRows.add(call);
                }
              });
    }
    if (!calls.isEmpty()) {
      accepted(value, calls, results);
      badRows(badRows);
    }
  }

  private static void refused(String call, String message) {
    Throwable thrown = catchThrowable(() -> spark.sql("SELECT " + call));
    assertThat(thrown).as(call).isInstanceOf(AnalysisException.class).hasMessageContaining(message);
    assertThat(((AnalysisException) thrown).getCondition()).isEqualTo("ONNX_ARGUMENT_TYPE");
  }

  private static Dataset<Row> columns() {
    return spark.read().parquet(folder.resolve("table").toString());
  }

  private static Dataset<Row> rows() {
    return columns().limit(2);
  }

  private static void accepted(String value, List<String> calls, List<String> results) {
    String[] arguments =
        Stream.of(Nesting.values())
            .map(nesting -> String.format(Locale.ROOT, nesting.sql, value) + " AS " + nesting)
            .toArray(String[]::new);
    String path = folder.resolve("table").toString();
    spark.range(0, 3, 1, 1).selectExpr(arguments).write().mode("overwrite").parquet(path);
    Dataset<Row> fromColumns = columns().selectExpr(calls.toArray(String[]::new));
    Dataset<Row> fromRows = rows().selectExpr(calls.toArray(String[]::new));
    assertThat(fromColumns.collectAsList())
        .hasSize(3)
        .allSatisfy(row -> assertThat(texts(row)).isEqualTo(results));
    assertThat(fromRows.collectAsList())
        .hasSize(2)
        .allSatisfy(row -> assertThat(texts(row)).isEqualTo(results));
    assertThat(Evaluations.of(fromColumns).get(0).supportsColumnar()).isTrue();
    assertThat(Evaluations.of(fromRows).get(0).supportsColumnar()).isFalse();
  }

  private static void badRows(List<String> calls) {
    for (String call : calls) {
      for (Dataset<Row> from : List.of(columns(), rows())) {
        assertThatThrownBy(() -> from.selectExpr(call).collectAsList())
            .hasMessageContaining("row 0 ")
            .hasMessageMatching("(?s).*(is beyond the range of|bytes where a row takes 1 elem).*");
      }
    }
  }

  private static List<String> texts(Row row) {
    return CollectionConverters.asJava(row.toSeq()).stream().map(TypeTableTest::text).toList();
  }

  private static String text(Object value) {
    if (value instanceof scala.collection.Iterable<?> elements) {
      List<String> texts = new ArrayList<>();
      CollectionConverters.asJava(elements).forEach(e -> texts.add(text(e)));
      return "[" + String.join(", ", texts) + "]";
    }
    if (value instanceof Float number) {
      return Float.toHexString(number);
    }
    return value instanceof Double number ? Double.toHexString(number) : String.valueOf(value);
  }

  /** The table's numbers as {@link #text} writes them. */
  private static String bits(ElementType element, String cell) {
    return switch (element) {
      case FLOAT, FLOAT16, BFLOAT16 -> Float.toHexString(Float.parseFloat(cell));
      case DOUBLE -> Double.toHexString(Double.parseDouble(cell));
      default -> cell;
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = "(COMPLEX|FLOAT8|FLOAT4|U?INT4|U?INT2).*",
      mode = EnumSource.Mode.MATCH_ALL)
  void elementTypesThatNoColumnHasAreRefused(ElementType element) {
    String model =
        new TestModel()
            .opset(25)
            .input("in", element, "N")
            .node("Identity", List.of("in"), List.of("same"))
            .node("Shape", List.of("same"), List.of("out"))
            .output("out", ElementType.INT64, 1)
            .write(folder, "refused_" + element + ".onnx");
    assertThatThrownBy(() -> spark.sql("SELECT onnx_predict('" + model + "', 1)"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(
            "input in: "
                + element
                + " [N] has the element type "
                + element
                + ", which no column fills; let the model take another type and cast it");
  }
}
