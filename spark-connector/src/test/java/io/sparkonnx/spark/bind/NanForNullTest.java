package io.sparkonnx.spark.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.model.Access;
import io.sparkonnx.spark.model.DriverModels;
import io.sparkonnx.spark.model.DriverModels.Analyzed;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which inputs take NaN for NULL. */
class NanForNullTest {
  @TempDir static Path folder;

  private static Analyzed model(ElementType first, ElementType second) {
    String path =
        new TestModel()
            .input("a", first, "N")
            .input("b", second, "N")
            .node("Identity", List.of("a"), List.of("c"))
            .node("Identity", List.of("b"), List.of("d"))
            .output("c", first, "N")
            .output("d", second, "N")
            .write(folder, first + "_" + second + ".onnx");
    return DriverModels.analyze(path, null, Access.of());
  }

  private static List<InputSlot> slots(Analyzed model, NullAs option, boolean session) {
    SparkConf settings = new SparkConf(false).set(OnnxConf.NAN_FOR_NULL, String.valueOf(session));
    List<Expression> arguments = List.of(Literal$.MODULE$.apply(1), Literal$.MODULE$.apply(2));
    return new CallBinder(
            model, CallOptions.STRICT.withNullAs(option), OnnxConf.of(settings), false)
        .bind(arguments)
        .call()
        .inputs();
  }

  @ParameterizedTest
  @CsvSource({
    "NAN, false, true",
    "NAN, true, true",
    "BAD_ROW, true, false",
    "BAD_ROW, false, false",
    "SESSION, true, true",
    "SESSION, false, false",
  })
  void inputsOfFloatsTakeNanWhereTheCallOrElseTheSessionSaysSo(
      NullAs option, boolean session, boolean nan) {
    Analyzed model = model(ElementType.DOUBLE, ElementType.INT64);
    assertThat(slots(model, option, session))
        .extracting(InputSlot::nanForNull)
        .containsExactly(nan, false);
  }

  @Test
  void aModelWithoutFloatsRefusesTheOption() {
    Analyzed model = model(ElementType.INT32, ElementType.INT64);
    assertThatThrownBy(() -> slots(model, NullAs.NAN, false))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(
            "nan_for_null needs an input of floating-point numbers; the others have no NaN; the"
                + " model takes a: int32 [N], b: int64 [N]");
  }

  @Test
  void aModelWithoutFloatsDoesNotMindTheSession() {
    Analyzed model = model(ElementType.INT32, ElementType.INT64);
    assertThat(slots(model, NullAs.SESSION, true))
        .extracting(InputSlot::nanForNull)
        .containsOnly(false);
  }
}
