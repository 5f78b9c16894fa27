package io.sparkonnx.spark.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.model.Access;
import io.sparkonnx.spark.model.DriverModels;
import io.sparkonnx.spark.model.DriverModels.Analyzed;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private static List<InputSlot> slots(Analyzed model, boolean nanForNull) {
    List<Expression> arguments = List.of(Literal$.MODULE$.apply(1), Literal$.MODULE$.apply(2));
    return new CallBinder(model, CallOptions.STRICT.withNanForNull(nanForNull))
        .bind(arguments)
        .call()
        .inputs();
  }

  @Test
  void inputsOfFloatsTakeNanWhereThatIsSaid() {
    Analyzed model = model(ElementType.DOUBLE, ElementType.INT64);
    assertThat(slots(model, true)).extracting(InputSlot::nanForNull).containsExactly(true, false);
    assertThat(slots(model, false)).extracting(InputSlot::nanForNull).containsOnly(false);
  }

  @Test
  void aModelWithoutFloatsRefusesIt() {
    Analyzed model = model(ElementType.INT32, ElementType.INT64);
    assertThatThrownBy(() -> slots(model, true))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(
            "nan_for_null needs an input of floating-point numbers; the others have no NaN; the"
                + " model takes a: int32 [N], b: int64 [N]");
  }
}
