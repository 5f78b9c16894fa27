package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.AttributeProto.AttributeType;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models that contradict themselves: one clear line each. */
class BrokenModelTest {
  private static OnnxException refusal(byte[] bytes) {
    OnnxException refusal =
        catchThrowableOfType(
            OnnxException.class,
            () -> ModelReader.read(bytes, AnyOperator.table(), LoadOptions.DEFAULT));
    assertThat(refusal).as("nothing was refused").isNotNull();
    assertThat(refusal.code()).isEqualTo(Code.INVALID_MODEL);
    return refusal;
  }

  private static String message(byte[] bytes) {
    return refusal(bytes).getMessage();
  }

  private static String message(ModelBuilder model) {
    return message(model.bytes());
  }

  private static ModelBuilder relu() {
    return ModelBuilder.opset(13)
        .input("x", ElementType.FLOAT, 2, 3)
        .node("Relu", List.of("x"), List.of("y"))
        .named("act")
        .output("y", ElementType.FLOAT, 2, 3);
  }

  @Test
  void graphWithoutOutputs() {
    assertThat(message(ModelBuilder.opset(13).input("x", ElementType.FLOAT)))
        .isEqualTo("the graph has no outputs");
  }

  @Test
  void danglingInput() {
    assertThat(message(relu().node("Add", List.of("y", "q"), List.of("z")).named("sum")))
        .isEqualTo("nothing defines input 'q' of Add 'sum'");
  }

  @Test
  void outputThatNothingDefines() {
    assertThat(message(relu().output("z"))).isEqualTo("nothing defines output 'z'");
  }

  @Test
  void cycle() {
    ModelBuilder model =
        ModelBuilder.opset(13)
            .input("x", ElementType.FLOAT)
            .node("Add", List.of("x", "b"), List.of("a"))
            .named("first")
            .node("Relu", List.of("a"), List.of("b"))
            .named("second")
            .output("b");

    assertThat(message(model))
        .isEqualTo("the graph has a cycle: Add 'first' reads Relu 'second' reads Add 'first'");
  }

  @Test
  void longCycle() {
    ModelBuilder model = ModelBuilder.opset(13).output("v0");
    for (int i = 0; i < 20_000; i++) {
      model.node("Relu", List.of("v" + (i + 1) % 20_000), List.of("v" + i));
    }

    assertThat(message(model)).contains("… (19980 more) reads Relu 'Relu_0'");
  }

  @Test
  void valueDefinedByTwoNodes() {
    assertThat(message(relu().node("Relu", List.of("x"), List.of("y")).named("again")))
        .isEqualTo("value 'y' is defined twice: by Relu 'act' and by Relu 'again'");
  }

  @Test
  void valueDefinedTwiceByOneNode() {
    assertThat(
            message(
                ModelBuilder.opset(13)
                    .input("x", ElementType.FLOAT)
                    .node("Relu", List.of("x"), List.of("y", "y"))
                    .output("y")))
        .isEqualTo("value 'y' is defined twice: by Relu 'Relu_0' and by Relu 'Relu_0'");
  }

  @Test
  void inputDefinedByANode() {
    assertThat(message(relu().input("y", ElementType.FLOAT)))
        .isEqualTo("value 'y' is defined twice: by an input and by Relu 'act'");
  }

  @Test
  void initializerDefinedByANode() {
    assertThat(message(relu().initializer("y", Tensor.of(new float[1]))))
        .isEqualTo("value 'y' is defined twice: by an initializer and by Relu 'act'");
  }

  @Test
  void twoInputsOfOneName() {
    assertThat(message(relu().input("x", ElementType.FLOAT)))
        .isEqualTo("value 'x' is defined twice: by an input and by an input");
  }

  @Test
  void twoInitializersOfOneName() {
    Tensor tensor = Tensor.of(new float[1]);

    assertThat(message(relu().initializer("w", tensor).initializer("w", tensor)))
        .isEqualTo("value 'w' is defined twice: by an initializer and by an initializer");
  }

  @Test
  void twoOutputsOfOneName() {
    assertThat(message(relu().output("y"))).isEqualTo("output 'y' is there twice");
  }

  @Test
  void inputWithoutTypeOrName() {
    assertThat(
            message(
                relu()
                    .edit(
                        proto -> {
                          proto.getGraphBuilder().addInputBuilder().setName("q");
                          proto.getGraphBuilder().addInputBuilder();
                        })))
        .isEqualTo("input 'q' has no type; an input has no name");
  }

  @Test
  void nodeWithoutOperator() {
    assertThat(message(relu().node("", List.of("y"), List.of("z")).named("n")))
        .isEqualTo("node 'n' names no operator");
  }

  @Test
  void domainThatIsUsedButNotImported() {
    assertThat(message(relu().node("ai.onnx.ml", "Scaler", List.of("y"), List.of("z")).named("s")))
        .isEqualTo("Scaler 's' is of domain ai.onnx.ml, but the model imports no version of it");
  }

  @Test
  void importOfVersionZero() {
    ModelBuilder model =
        ModelBuilder.opset(0)
            .input("x", ElementType.FLOAT)
            .node("Relu", List.of("x"), List.of("y"))
            .output("y");

    assertThat(message(model))
        .isEqualTo("Relu 'Relu_0' is of domain ai.onnx, but the model imports version 0 of it");
  }

  @Test
  void attributeTwice() {
    assertThat(message(relu().node("Relu", List.of("x"), List.of("z"), "a", 1, "a", 2)))
        .isEqualTo("attribute 'a' of Relu 'Relu_1' is there twice");
  }

  @Test
  void attributeWithoutItsValue() {
    AttributeProto empty = AttributeProto.newBuilder().setType(AttributeType.TENSOR).build();

    assertThat(message(relu().node("Constant", List.of(), List.of("z"), "value", empty)))
        .isEqualTo("attribute 'value' of Constant 'Constant_1' has no value");
  }

  @Test
  void attributeTensorOfWrongSize() {
    AttributeProto tensor =
        AttributeProto.newBuilder()
            .setType(AttributeType.TENSOR)
            .setT(TensorProto.newBuilder().addDims(2).setDataType(1).addFloatData(1))
            .build();

    assertThat(message(relu().node("Constant", List.of(), List.of("z"), "value", tensor)))
        .isEqualTo(
            "attribute 'value' of Constant 'Constant_1' has 1 values in float_data but its shape"
                + " [2] needs 2");
  }

  @Test
  void attributesThatOperatorsRefuse() {
    ModelBuilder model =
        relu()
            .node("Softmax", List.of("x"), List.of("a"))
            .named("first")
            .node("Softmax", List.of("x"), List.of("b"), "axis", 1L << 40)
            .named("second")
            .node("Softmax", List.of("x"), List.of("c"), "axis", 1.5f)
            .named("third");

    assertThat(message(model))
        .isEqualTo(
            "Softmax 'first': attribute 'axis' is missing; Softmax 'second': an attribute is out"
                + " of range: integer overflow; Softmax 'third': attribute 'axis' is a Float,"
                + " expected a Long");
  }

  @Test
  void severalThingsAtOnce() {
    ModelBuilder model =
        relu()
            .input("x", ElementType.FLOAT)
            .node("Relu", List.of("x"), List.of("y"))
            .named("again")
            .output("z");

    assertThat(message(model))
        .isEqualTo(
            "value 'x' is defined twice: by an input and by an input; value 'y' is defined twice:"
                + " by Relu 'act' and by Relu 'again'; nothing defines output 'z'");
  }

  @Test
  void thousandsOfThingsAtOnceStayOneLine() {
    ModelBuilder model = relu();
    for (int i = 0; i < 5000; i++) {
      model.node("Relu", List.of("x"), List.of("y")).named("line\nbreak" + "!".repeat(1000));
    }

    assertThat(message(model)).hasSizeLessThan(20_000).doesNotContain("\n").endsWith("4950 more");
  }
}
