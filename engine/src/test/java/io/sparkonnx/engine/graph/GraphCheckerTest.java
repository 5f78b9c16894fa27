package io.sparkonnx.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphCheckerTest {
  private record Nothing(String type) implements Operator {
    @Override
    public List<ValueInfo> infer(InferenceContext context) {
      return List.of();
    }

    @Override
    public Step prepare(Preparation preparation) {
      return context -> {};
    }
  }

  private static Node node(String name, List<String> inputs, String... outputs) {
    return new Node(name, new Nothing("Op"), inputs, List.of(outputs));
  }

  private static GraphInput input(String name, boolean optional) {
    return new GraphInput(name, ValueType.UNKNOWN_ELEMENT, optional);
  }

  private static Graph graph(
      List<GraphInput> inputs, String output, Map<String, Tensor> constants, Node... nodes) {
    return new Graph(
        "g", inputs, List.of(new GraphOutput(output, null)), List.of(nodes), constants);
  }

  private static Graph graph(String output, Node... nodes) {
    return graph(List.of(input("x", false)), output, Map.of(), nodes);
  }

  private static List<String> problems(Graph graph) {
    return GraphChecker.problems(graph, Set.of());
  }

  @Test
  void findsNothingInAGoodGraph() {
    Graph graph =
        graph(
            List.of(input("x", false), input("w", true)),
            "y",
            Map.of("w", Tensor.of(new float[1]), "c", Tensor.of(new float[1])),
            node("a", List.of("x", "", "w"), "h", ""),
            node("b", List.of("h", "c"), "y"));

    assertThatCode(() -> GraphChecker.check(graph)).doesNotThrowAnyException();
  }

  @Test
  void findsValuesDefinedTwice() {
    assertThat(problems(graph("y", node("a", List.of("x"), "y"), node("b", List.of("x"), "y"))))
        .containsExactly("value 'y' is defined by node 'a' and by node 'b'");
    assertThat(problems(graph("x", node("a", List.of(), "x"))))
        .containsExactly("value 'x' is defined by an input and by node 'a'");
    assertThat(
            problems(
                graph(
                    List.of(),
                    "y",
                    Map.of("y", Tensor.of(new float[1])),
                    node("a", List.of(), "y"))))
        .containsExactly("value 'y' is defined by a constant and by node 'a'");
  }

  @Test
  void findsUsesBeforeDefinitions() {
    assertThat(problems(graph("y", node("a", List.of("h"), "y"), node("b", List.of("x"), "h"))))
        .containsExactly("node 'a' reads 'h' before it is defined");
  }

  @Test
  void findsOutputsThatNothingDefines() {
    assertThat(problems(graph("y"))).containsExactly("nothing defines output 'y'");
  }

  @Test
  void findsNodesOfOneNameAndWithoutOperator() {
    Node empty = new Node("a", null, List.of("x"), List.of("y"));

    assertThat(problems(graph("y", node("a", List.of("x"), "h"), empty)))
        .containsExactly("node 'a' is there twice", "node 'a' has no operator");
  }

  @Test
  void findsInputsThatAreWronglyOptional() {
    Map<String, Tensor> constants = Map.of("y", Tensor.of(new float[1]));

    assertThat(problems(graph(List.of(input("x", true), input("y", false)), "x", constants)))
        .containsExactly(
            "input 'x' is optional without a constant",
            "input 'y' is not optional but has a constant");
  }

  @Test
  void allowsValuesOfGraphsAround() {
    Graph graph = graph("y", node("a", List.of("outer"), "y"));

    assertThat(GraphChecker.problems(graph, Set.of("outer"))).isEmpty();
    assertThatThrownBy(() -> GraphChecker.check(graph))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("node 'a' reads 'outer' before it is defined");
  }
}
