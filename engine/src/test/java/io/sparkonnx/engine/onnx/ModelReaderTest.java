package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelReaderTest {
  private static LoadedModel read(ModelBuilder model) {
    return ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT);
  }

  @Test
  void sortsNodesAndNamesTheUnnamed() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT, "N", 3)
                .initializer("w", Tensor.of(new float[6], 3, 2))
                .node("Relu", List.of("h"), List.of("y"))
                .node("MatMul", List.of("x", "w"), List.of("h"))
                .output("y", ElementType.FLOAT, "N", 2));

    assertThat(model.graph().nodes().stream().map(Node::name))
        .containsExactly("MatMul_1", "Relu_0");
  }
}
