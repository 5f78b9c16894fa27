package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphChecker;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attributes of nodes as operators get them. */
class AttributeReadingTest {
  private static LoadedModel read(ModelBuilder model) {
    LoadedModel loaded = ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT);
    GraphChecker.check(loaded.graph());
    return loaded;
  }

  private static AnyOperator operator(Graph graph, int node) {
    return (AnyOperator) graph.nodes().get(node).operator();
  }

  @Test
  void givesAttributesTheirJavaTypes() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT)
                .node(
                    "Relu",
                    List.of("x"),
                    List.of("y"),
                    "i",
                    3,
                    "f",
                    0.5f,
                    "s",
                    "größe",
                    "t",
                    Tensor.of(new float[] {1, 2}, 2),
                    "is",
                    new long[] {1, -2},
                    "fs",
                    new float[] {1, 2},
                    "ss",
                    new String[] {"a", ""},
                    "ts",
                    new Tensor[] {Tensor.of(new int[] {9})},
                    "tp",
                    ModelBuilder.tensorType(ElementType.INT8, 2))
                .output("y"));

    Attributes attributes = operator(model.graph(), 0).attributes();
    assertThat(attributes.raw("i")).isEqualTo(3L);
    assertThat(attributes.raw("f")).isEqualTo(0.5f);
    assertThat(attributes.raw("s")).isEqualTo("größe");
    assertThat(attributes.tensor("t")).hasToString("float[2]");
    assertThat(attributes.integers("is")).containsExactly(1, -2);
    assertThat(attributes.reals("fs")).containsExactly(1, 2);
    assertThat(attributes.strings("ss")).containsExactly("a", "");
    assertThat((List<?>) attributes.raw("ts")).hasToString("[int32[]]");
    assertThat(attributes.get("tp", ValueType.class)).hasToString("int8 [2]");
  }

  @Test
  void infersTheTypeOfAttributesThatDeclareNone() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT)
                .node(
                    "Relu",
                    List.of("x"),
                    List.of("y"),
                    "i",
                    AttributeProto.newBuilder().setI(0).build(),
                    "fs",
                    AttributeProto.newBuilder().addFloats(2).build(),
                    "s",
                    AttributeProto.newBuilder().setS(ByteString.EMPTY).build(),
                    "none",
                    AttributeProto.getDefaultInstance())
                .output("y"));

    Attributes attributes = operator(model.graph(), 0).attributes();
    assertThat(attributes.integer("i")).isZero();
    assertThat(attributes.reals("fs")).containsExactly(2);
    assertThat(attributes.string("s")).isEmpty();
    assertThat(attributes.integers("none")).isEmpty();
  }
}
