package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models that need operators which are not there: all of them are named, at load. */
class UnsupportedModelTest {
  private static final String NEEDS = "the model needs what this engine does not have: ";

  private static String message(ModelBuilder model) {
    OnnxException refusal =
        catchThrowableOfType(
            OnnxException.class,
            () -> ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT));
    assertThat(refusal).as("nothing was refused").isNotNull();
    assertThat(refusal.code()).isEqualTo(Code.UNSUPPORTED_MODEL);
    return refusal.getMessage();
  }

  private static ModelBuilder model(int opset) {
    return ModelBuilder.opset(opset).input("x", ElementType.FLOAT).output("y");
  }

  @Test
  void unknownOperator() {
    assertThat(message(model(13).node("Frobnicate", List.of("x"), List.of("y")).named("f")))
        .isEqualTo(NEEDS + "operator Frobnicate of ai.onnx 13 (1 node, first 'f')");
  }

  @Test
  void operatorThatCameLater() {
    assertThat(message(model(9).node("Resize", List.of("x"), List.of("y")).named("r")))
        .isEqualTo(NEEDS + "operator Resize of ai.onnx at opset 9 (1 node, first 'r')");
  }

  @Test
  void unknownDomain() {
    assertThat(
            message(
                model(13)
                    .opset("com.microsoft", 1)
                    .node("com.microsoft", "BeamSearch", List.of("x"), List.of("y"))
                    .named("b")))
        .isEqualTo(
            NEEDS
                + "operator BeamSearch of com.microsoft 1, a domain that is not known (1 node,"
                + " first 'b')");
  }

  @Test
  void opsetNewerThanKnown() {
    assertThat(message(model(28).node("Relu", List.of("x"), List.of("y")).named("r")))
        .isEqualTo(
            NEEDS
                + "opset 28 of ai.onnx, newer than 27, the newest that is known (1 node, first"
                + " 'r')");
    assertThat(
            message(
                model(27)
                    .opset("ai.onnx.ml", 6)
                    .node("ai.onnx.ml", "Scaler", List.of("x"), List.of("y"))))
        .isEqualTo(
            NEEDS
                + "opset 6 of ai.onnx.ml, newer than 5, the newest that is known (1 node, first"
                + " 'Scaler_0')");
  }

  @Test
  void opsetFarNewerThanKnown() {
    assertThat(
            message(
                ModelBuilder.graph()
                    .opset("", Long.MAX_VALUE)
                    .node("Relu", List.of("x"), List.of("y"))))
        .startsWith(NEEDS + "opset 2147483647 of ai.onnx, newer than 27");
  }

  @Test
  void allOfThemCountedAndInnerGraphsIncluded() {
    ModelBuilder branch =
        ModelBuilder.graph()
            .node("Inner", List.of("x"), List.of("i"))
            .named("deep")
            .node("Foo", List.of("i"), List.of("o"))
            .output("o");
    ModelBuilder model =
        model(13)
            .node("Foo", List.of("x"), List.of("a"))
            .named("foo")
            .node("own.domain", "Bar", List.of("a"), List.of("b"))
            .named("bar")
            .node("Foo", List.of("b"), List.of("c"))
            .node("Relu", List.of("c"), List.of("d"))
            .node("If", List.of("x"), List.of("y"), "then_branch", branch, "else_branch", branch);

    assertThat(message(model))
        .isEqualTo(
            NEEDS
                + "operator Foo of ai.onnx 13 (4 nodes, first 'foo'); operator Bar of own.domain"
                + " 1, a domain that is not known (1 node, first 'bar'); operator Inner of ai.onnx"
                + " 13 (2 nodes, first 'deep')");
  }

  @Test
  void anEndlessListIsCut() {
    ModelBuilder model = model(13);
    for (int i = 0; i < 3000; i++) {
      model.node("Op" + i, List.of("x"), List.of("v" + i));
    }

    assertThat(message(model)).hasSizeLessThan(5000).endsWith("; and 2950 more");
  }
}
