package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Outputs of the element types that no Java or Spark type has. The expected values are those of
 * ONNX's documents: of bits on its pages about float8, float4, int4 and int2, of casts in the
 * description of Cast.
 */
@ExtendWith(SparkSessionExtension.class)
class SmallElementsTest {
  @TempDir static Path folder;

  private final SparkSession spark = SparkSessionExtension.session();

  private static List<Object> numbers(ElementType element, String texts) {
    return Stream.of(texts.split(" ")).map(text -> number(element, text)).toList();
  }

  private static Object number(ElementType element, String text) {
    return element.isFloatingPoint() ? (Object) Float.valueOf(text) : (Object) Byte.valueOf(text);
  }

  private static String sql(ElementType element) {
    return element.isFloatingPoint() ? "FLOAT" : "TINYINT";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FLOAT8E4M3FN   | 00800107083840787EFE7FFF | 0 -0 0x1p-9 0x0.Ep-6 0x1p-6 1 2 256 448 -448"
            + " NaN NaN",
        "FLOAT8E4M3FNUZ | 00800107084048787FFF     | 0 NaN 0x1p-10 0x0.Ep-7 0x1p-7 1 2 128 240"
            + " -240",
        "FLOAT8E5M2     | 00800103043C40787BFB7CFC7D7E7FFF | 0 -0 0x1p-16 0x0.Cp-14 0x1p-14 1 2"
            + " 32768 57344 -57344 Infinity -Infinity NaN NaN NaN NaN",
        "FLOAT8E5M2FNUZ | 00800103044044787FFF     | 0 NaN 0x1p-17 0x0.Cp-15 0x1p-15 1 2 16384"
            + " 57344 -57344",
        "FLOAT8E8M0     | 00017E7F80FEFF           | 0x1p-127 0x1p-126 0.5 1 2 0x1p127 NaN",
        "FLOAT4E2M1     | 1032547698BADCFE         | 0 0.5 1 1.5 2 3 4 6 -0 -0.5 -1 -1.5 -2 -3 -4"
            + " -6",
        "INT4           | 1032547698BADCFE         | 0 1 2 3 4 5 6 7 -8 -7 -6 -5 -4 -3 -2 -1",
        "UINT4          | 1032547698BADCFE         | 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
        "INT2           | E4                       | 0 1 -2 -1",
        "UINT2          | E4                       | 0 1 2 3",
      })
  void bitsOfAFileAreTheirNumbers(ElementType element, String bits, String values) {
    List<Object> expected = numbers(element, values);
    String model =
        new TestModel()
            .opset(25)
            .input("x", ElementType.FLOAT, "N")
            .raw("bits", element, HexFormat.of().parseHex(bits), expected.size())
            .node("Identity", List.of("x"), List.of("y"))
            .node("Identity", List.of("bits"), List.of("numbers"))
            .output("y", ElementType.FLOAT, "N")
            .output("numbers", element, expected.size())
            .write(folder, "bits_" + element + ".onnx");
    Dataset<Row> scored =
        spark.sql(
            "SELECT p.y, p.numbers FROM (SELECT onnx_predict('"
                + model
                + "', v) p FROM VALUES (1f), (2f) t(v))");
    assertThat(scored.schema().apply("numbers").dataType().sql())
        .isEqualTo("ARRAY<" + sql(element) + ">");
    assertThat(scored.collectAsList())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.getList(1)).isEqualTo(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FLOAT8E4M3FN   | 0 -0 NaN 1 0.3 1.0625 1.1875 1e3 -1e3 | 0 -0 NaN 1 0.3125 1 1.25 448 -448",
        "FLOAT8E4M3FNUZ | 0 -0 NaN 1 0.3 1.0625 1.1875 1e3 -1e3 | 0 0 NaN 1 0.3125 1 1.25 240 -240",
        "FLOAT8E5M2     | 0 -0 NaN 1 0.3 1.125 1.375 1e6 -1e6   | 0 -0 NaN 1 0.3125 1 1.5 57344"
            + " -57344",
        "FLOAT8E5M2FNUZ | 0 -0 NaN 1 0.3 1.125 1.375 1e6 -1e6   | 0 0 NaN 1 0.3125 1 1.5 57344"
            + " -57344",
        "FLOAT8E8M0     | NaN 1 0.5 4 3 5 1024                  | NaN 1 0.5 4 4 8 1024",
        "FLOAT4E2M1     | 0 -0 0.3 0.25 0.75 2.5 5 100 -100     | 0 -0 0.5 0 1 2 4 6 -6",
        "INT4           | 0 -8 -1.9 3.5 7                       | 0 -8 -1 3 7",
        "UINT4          | 0 0.9 3.5 8 15                        | 0 0 3 8 15",
        "INT2           | 0 -2 -1 1.5                           | 0 -2 -1 1",
        "UINT2          | 0 0.9 2.9 3                           | 0 0 2 3",
      })
  void rowsAreCastAndWidened(ElementType element, String from, String to) {
    List<Object> expected = numbers(element, to);
    Dataset<Row> rows = spark.sql("SELECT " + floats(from) + " v");
    Dataset<Row> scored =
        rows.selectExpr(
            call(element, "v", "N") + " one", call(element, "array(v, v)", "N", 2) + " two");
    assertThat(scored.schema().apply("one").dataType().sql()).isEqualTo(sql(element));
    assertThat(scored.schema().apply("two").dataType().sql())
        .isEqualTo("ARRAY<" + sql(element) + ">");
    List<Row> results = scored.collectAsList();
    assertThat(results.stream().<Object>map(row -> row.get(0)).toList()).isEqualTo(expected);
    assertThat(results.stream().<Object>map(row -> row.getList(1)).toList())
        .isEqualTo(expected.stream().map(number -> List.of(number, number)).toList());
  }

  private static String call(ElementType element, String argument, Object... dims) {
    String model =
        new TestModel()
            .opset(25)
            .input("x", ElementType.FLOAT, dims)
            .node("Cast", List.of("x"), List.of("y"), "to", element.code())
            .output("y", element, dims)
            .write(folder, "cast_" + element + dims.length + ".onnx");
    return "onnx_predict('" + model + "', " + argument + ")";
  }

  private static String floats(String texts) {
    return Stream.of(texts.split(" "))
        .map(text -> String.format(Locale.ROOT, "float('%s')", text))
        .collect(Collectors.joining(", ", "explode(array(", "))"));
  }
}
