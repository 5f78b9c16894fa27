package io.sparkonnx.engine.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InferenceLimitsTest {
  /** Makes the square of its input's size. */
  private record Square(String type) implements Operator {
    @Override
    public List<ValueInfo> infer(InferenceContext context) {
      Dim size = context.shape(0).size();
      return List.of(ValueInfo.of(context.element(0), Shape.of(size.times(size))));
    }

    @Override
    public Step prepare(Preparation preparation) {
      return context -> {};
    }
  }

  @Test
  void refusesSizesThatOverflow() {
    Shape shape = Shape.of(Dim.of(1L << 40));
    GraphInput input = new GraphInput("x", new TensorType(ElementType.FLOAT, shape), false);
    Node node = new Node("s", new Square("Square"), List.of("x"), List.of("y"));
    Graph graph =
        new Graph(
            "g", List.of(input), List.of(new GraphOutput("y", null)), List.of(node), Map.of());

    assertThatThrownBy(() -> Inference.of(graph))
        .isInstanceOf(OnnxException.class)
        .hasMessage("Square 's': sizes are too large: long overflow");
  }
}
