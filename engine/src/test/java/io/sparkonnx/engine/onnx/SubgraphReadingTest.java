package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphChecker;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Graphs inside nodes. */
class SubgraphReadingTest {
  private static Graph read(ModelBuilder model) {
    Graph graph = ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT).graph();
    GraphChecker.check(graph);
    return graph;
  }

  private static Graph branch(Node node, String attribute) {
    return ((AnyOperator) node.operator()).attributes().get(attribute, Graph.class);
  }

  private static ModelBuilder conditional(ModelBuilder then, ModelBuilder otherwise) {
    return ModelBuilder.opset(13)
        .input("c", ElementType.BOOL)
        .input("x", ElementType.FLOAT, 2)
        .node("If", List.of("c"), List.of("y"), "then_branch", then, "else_branch", otherwise)
        .named("if")
        .output("y");
  }

  @Test
  void givesTheNodeWhatItsGraphsCaptureAsFurtherInputs() {
    Graph graph =
        read(
            conditional(
                    ModelBuilder.graph().node("Relu", List.of("h"), List.of("a")).output("a"),
                    ModelBuilder.graph()
                        .initializer("k", Tensor.of(new float[2], 2))
                        .node("Add", List.of("x", "k"), List.of("b"))
                        .output("b"))
                .node("Relu", List.of("x"), List.of("h")));

    Node conditional = graph.nodes().get(1);
    assertThat(conditional.inputs()).containsExactly("c", "h", "x");
    assertThat(branch(conditional, "then_branch").captures()).containsExactly("h");
    assertThat(branch(conditional, "else_branch").captures()).containsExactly("x");
  }

  @Test
  void allowsOutputsThatAreCaptured() {
    Graph graph =
        read(conditional(ModelBuilder.graph().output("x"), ModelBuilder.graph().output("x")));

    assertThat(graph.nodes().get(0).inputs()).containsExactly("c", "x");
  }

  @Test
  void sortsByWhatInnerGraphsOfInnerGraphsCapture() {
    ModelBuilder inner = ModelBuilder.graph().node("Relu", List.of("h"), List.of("i")).output("i");
    ModelBuilder outer =
        ModelBuilder.graph()
            .node("If", List.of("c"), List.of("o"), "then_branch", inner, "else_branch", inner)
            .output("o");
    Graph graph = read(conditional(outer, outer).node("Relu", List.of("x"), List.of("h")));

    assertThat(graph.nodes().get(1).inputs()).containsExactly("c", "c", "h");
  }

  @Test
  void renamesValuesThatHaveTheNameOfAnOuterOne() {
    ModelBuilder branch = ModelBuilder.graph().node("Relu", List.of("x"), List.of("y")).output("y");
    Graph graph = read(conditional(branch, branch));

    Graph then = branch(graph.nodes().get(0), "then_branch");
    assertThat(then.nodes().get(0).inputs()).containsExactly("x");
    assertThat(then.outputs().get(0).name()).isEqualTo("y_1");
  }

  @Test
  void namesInputsWithoutATypeAndKeepsThemApartFromOuterValues() {
    ModelBuilder body =
        ModelBuilder.graph()
            .edit(proto -> proto.getGraphBuilder().addInputBuilder().setName("x"))
            .node("Relu", List.of("x"), List.of("b"))
            .output("b");
    Graph graph =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT)
                .node("Loop", List.of("", "", "x"), List.of("y"), "body", body)
                .output("y"));

    assertThat(graph.nodes().get(0).inputs()).containsExactly("", "", "x");
    assertThat(branch(graph.nodes().get(0), "body").inputs().get(0).name()).isEqualTo("x_1");
  }

  @Test
  void readsListsOfGraphs() {
    ModelBuilder body = ModelBuilder.graph().node("Relu", List.of("x"), List.of("b")).output("b");
    Graph graph =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT)
                .node("Loop", List.of(), List.of("y"), "bodies", new ModelBuilder[] {body, body})
                .output("y"));

    List<?> bodies =
        (List<?>) ((AnyOperator) graph.nodes().get(0).operator()).attributes().raw("bodies");
    assertThat(bodies).hasSize(2).allMatch(Graph.class::isInstance);
    assertThat(graph.nodes().get(0).inputs()).containsExactly("x");
  }

  @Test
  void refusesInnerGraphsThatReadTheResultOfTheirNode() {
    ModelBuilder branch = ModelBuilder.graph().node("Relu", List.of("y"), List.of("a")).output("a");

    assertThatThrownBy(() -> read(conditional(branch, branch)))
        .hasMessage("the graph has a cycle: If 'if' reads If 'if'");
  }

  @Test
  void refusesInnerGraphsThatReadWhatNobodyDefines() {
    ModelBuilder branch =
        ModelBuilder.graph().node("Relu", List.of("q"), List.of("a")).named("r").output("a");

    assertThatThrownBy(() -> read(conditional(branch, branch)))
        .hasMessage("nothing defines input 'q' of Relu 'r'");
  }

  @Test
  void refusesGraphsNestedTooDeep() {
    ModelBuilder model = ModelBuilder.graph().output("x");
    for (int i = 0; i < 4; i++) {
      model =
          ModelBuilder.graph()
              .node("If", List.of("c"), List.of("o"), "then_branch", model)
              .output("o");
    }
    ModelBuilder deep = conditional(model, model);
    LoadOptions options = LoadOptions.DEFAULT.withLimits(new Limits(1 << 20, 100, 5));

    assertThatThrownBy(() -> ModelReader.read(deep.bytes(), AnyOperator.table(), options))
        .hasMessage("graphs are nested more than 5 deep");
  }
}
