package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphChecker;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.AttributeProto.AttributeType;
import io.sparkonnx.engine.onnx.proto.FunctionProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.tensor.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions that a model defines itself. */
class FunctionExpansionTest {
  private static Graph read(ModelBuilder model) {
    Graph graph = ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT).graph();
    GraphChecker.check(graph);
    return graph;
  }

  private static FunctionProto.Builder function(String name, List<String> in, List<String> out) {
    return FunctionProto.newBuilder()
        .setDomain("own")
        .setName(name)
        .addAllInput(in)
        .addAllOutput(out);
  }

  private static NodeProto node(String type, List<String> in, List<String> out, Object... attrs) {
    return ModelBuilder.nodeProto("", type, in, out, attrs);
  }

  private static NodeProto call(String name, List<String> in, List<String> out, Object... attrs) {
    return ModelBuilder.nodeProto("own", name, in, out, attrs);
  }

  private static AttributeProto reference(String name) {
    return AttributeProto.newBuilder().setType(AttributeType.INT).setRefAttrName(name).build();
  }

  private static ModelBuilder calling(NodeProto... calls) {
    return ModelBuilder.opset(13)
        .input("x", ElementType.FLOAT)
        .edit(proto -> proto.getGraphBuilder().addAllNode(List.of(calls)))
        .output("y");
  }

  private static List<String> lines(Graph graph) {
    return graph.nodes().stream()
        .map(node -> node.label() + node.inputs() + "->" + node.outputs())
        .toList();
  }

  private static AnyOperator operator(Node node) {
    return (AnyOperator) node.operator();
  }

  @Test
  void becomeTheNodesOfTheirBodies() {
    FunctionProto twice =
        function("Twice", List.of("a"), List.of("b"))
            .addNode(node("Relu", List.of("a"), List.of("t")))
            .addNode(node("Add", List.of("t", "t"), List.of("b")))
            .build();
    Graph graph =
        read(
            calling(
                    call("Twice", List.of("x"), List.of("h")),
                    call("Twice", List.of("h"), List.of("y")))
                .function(twice));

    assertThat(lines(graph))
        .containsExactly(
            "Relu 'Twice_0/Relu_0'[x]->[Twice_0/t]",
            "Add 'Twice_0/Add_1'[Twice_0/t, Twice_0/t]->[h]",
            "Relu 'Twice_1/Relu_0'[h]->[Twice_1/t]",
            "Add 'Twice_1/Add_1'[Twice_1/t, Twice_1/t]->[y]");
  }

  @Test
  void callOthers() {
    FunctionProto inner =
        function("Inner", List.of("a"), List.of("b"))
            .addNode(node("Relu", List.of("a"), List.of("b")))
            .build();
    FunctionProto outer =
        function("Outer", List.of("a"), List.of("b"))
            .addNode(call("Inner", List.of("a"), List.of("m")))
            .addNode(call("Inner", List.of("m"), List.of("b")))
            .build();
    Graph graph =
        read(calling(call("Outer", List.of("x"), List.of("y"))).function(inner).function(outer));

    assertThat(lines(graph))
        .containsExactly(
            "Relu 'Outer_0/Inner_0/Relu_0'[x]->[Outer_0/m]",
            "Relu 'Outer_0/Inner_1/Relu_0'[Outer_0/m]->[y]");
  }

  @Test
  void leaveOutInputsAndOutputsThatTheCallLeavesOut() {
    FunctionProto function =
        function("F", List.of("a", "b"), List.of("c", "d"))
            .addNode(node("Resize", List.of("a", "b"), List.of("c")))
            .addNode(node("Relu", List.of("a"), List.of("d")))
            .build();
    Graph graph = read(calling(call("F", List.of("x"), List.of("", "y"))).function(function));

    assertThat(lines(graph))
        .containsExactly("Resize 'F_0/Resize_0'[x, ]->[F_0/c]", "Relu 'F_0/Relu_1'[x]->[y]");
  }

  @Test
  void takeAttributesFromTheCallOrTheirDefaultsOrNotAtAll() {
    FunctionProto inner =
        function("Inner", List.of("a"), List.of("b"))
            .addAttribute("given")
            .addAttribute("absent")
            .addAttributeProto(ModelBuilder.attribute("default", 7))
            .addAttributeProto(ModelBuilder.attribute("overridden", 8))
            .addNode(
                node(
                    "Relu",
                    List.of("a"),
                    List.of("b"),
                    "p",
                    reference("given"),
                    "q",
                    reference("absent"),
                    "r",
                    reference("default"),
                    "s",
                    reference("overridden")))
            .build();
    FunctionProto outer =
        function("Outer", List.of("a"), List.of("b"))
            .addAttribute("alpha")
            .addNode(
                call(
                    "Inner",
                    List.of("a"),
                    List.of("b"),
                    "given",
                    reference("alpha"),
                    "absent",
                    reference("missing"),
                    "overridden",
                    9))
            .build();
    Graph graph =
        read(
            calling(call("Outer", List.of("x"), List.of("y"), "alpha", 5))
                .function(inner)
                .function(outer));

    AnyOperator relu = operator(graph.nodes().get(0));
    assertThat(relu.attributes().integer("p")).isEqualTo(5);
    assertThat(relu.attributes().has("q")).isFalse();
    assertThat(relu.attributes().integer("r")).isEqualTo(7);
    assertThat(relu.attributes().integer("s")).isEqualTo(9);
  }

  @Test
  void useTheirOwnOpsetVersions() {
    FunctionProto function =
        function("F", List.of("a"), List.of("b"))
            .addOpsetImport(ModelBuilder.opsetImport("", 5))
            .addNode(node("Relu", List.of("a"), List.of("b")))
            .build();
    Graph graph =
        read(
            calling(call("F", List.of("x"), List.of("h")), node("Relu", List.of("h"), List.of("y")))
                .function(function));

    assertThat(graph.nodes().stream().map(node -> operator(node).since())).containsExactly(1, 6);
  }

  @Test
  void mayHoldGraphsThatCaptureTheirInputs() {
    ModelBuilder branch = ModelBuilder.graph().node("Relu", List.of("a"), List.of("t")).output("t");
    FunctionProto function =
        function("F", List.of("a", "c"), List.of("b"))
            .addNode(
                node(
                    "If", List.of("c"), List.of("b"), "then_branch", branch, "else_branch", branch))
            .build();
    Graph graph = read(calling(call("F", List.of("x", "x"), List.of("y"))).function(function));

    assertThat(graph.nodes().get(0).inputs()).containsExactly("x", "x");
    Graph then = operator(graph.nodes().get(0)).attributes().get("then_branch", Graph.class);
    assertThat(then.nodes().get(0).inputs()).containsExactly("x");
  }

  @Test
  void areToldApartByOverload() {
    FunctionProto.Builder first =
        function("F", List.of("a"), List.of("b")).addNode(node("Relu", List.of("a"), List.of("b")));
    FunctionProto.Builder second =
        function("F", List.of("a"), List.of("b"))
            .setOverload("v2")
            .addNode(node("Identity", List.of("a"), List.of("b")));
    NodeProto call = call("F", List.of("x"), List.of("y")).toBuilder().setOverload("v2").build();
    Graph graph = read(calling(call).function(first.build()).function(second.build()));

    assertThat(lines(graph)).containsExactly("Identity 'F_0/Identity_0'[x]->[y]");
  }

  @Test
  void mustNotCallThemselves() {
    FunctionProto ping =
        function("Ping", List.of("a"), List.of("b"))
            .addNode(call("Pong", List.of("a"), List.of("b")))
            .build();
    FunctionProto pong =
        function("Pong", List.of("a"), List.of("b"))
            .addNode(call("Ping", List.of("a"), List.of("b")))
            .build();

    assertThatThrownBy(
            () ->
                read(
                    calling(call("Ping", List.of("x"), List.of("y")))
                        .function(ping)
                        .function(pong)))
        .hasMessage("functions call themselves: own.Ping calls own.Pong calls own.Ping");
  }

  @Test
  void mustTakeAsManyInputsAsTheyAreGiven() {
    FunctionProto function =
        function("F", List.of("a"), List.of("b"))
            .addNode(node("Relu", List.of("a"), List.of("b")))
            .build();

    assertThatThrownBy(
            () -> read(calling(call("F", List.of("x", "x"), List.of("y"))).function(function)))
        .hasMessage("F 'F_0' has 2 inputs and 1 outputs, but its function has 1 and 1");
  }

  @Test
  void mustNotBeDefinedTwice() {
    FunctionProto function =
        function("F", List.of("a"), List.of("b"))
            .addNode(node("Relu", List.of("a"), List.of("b")))
            .build();

    assertThatThrownBy(
            () ->
                read(
                    calling(call("F", List.of("x"), List.of("y")))
                        .function(function)
                        .function(function)))
        .hasMessage("function own.F is defined twice");
  }

  @Test
  void mustNotGrowWithoutBounds() {
    ModelBuilder model = calling(call("F0", List.of("x"), List.of("y")));
    for (int i = 0; i < 25; i++) {
      model.function(
          function("F" + i, List.of("a"), List.of("b"))
              .addNode(call("F" + (i + 1), List.of("a"), List.of("t")))
              .addNode(call("F" + (i + 1), List.of("t"), List.of("b")))
              .build());
    }
    model.function(function("F25", List.of("a"), List.of("b")).build());
    LoadOptions options = LoadOptions.DEFAULT.withLimits(new Limits(1 << 20, 10_000, 32));

    assertThatThrownBy(() -> ModelReader.read(model.bytes(), AnyOperator.table(), options))
        .hasMessage("the model has more than 10000 nodes, functions expanded");
  }

  @Test
  void mustNotNestTooDeep() {
    ModelBuilder model = calling(call("F0", List.of("x"), List.of("y")));
    for (int i = 0; i < 40; i++) {
      model.function(
          function("F" + i, List.of("a"), List.of("b"))
              .addNode(call("F" + (i + 1), List.of("a"), List.of("b")))
              .build());
    }
    model.function(
        function("F40", List.of("a"), List.of("b"))
            .addNode(node("Relu", List.of("a"), List.of("b")))
            .build());

    assertThatThrownBy(() -> read(model))
        .hasMessage("graphs and function bodies are nested more than 32 deep");
  }

  @Test
  void mayOnlyBeWhereReferencesAre() {
    NodeProto relu = node("Relu", List.of("x"), List.of("y"), "alpha", reference("beta"));

    assertThatThrownBy(() -> read(calling(relu)))
        .hasMessage("attribute 'alpha' of Relu 'Relu_0' refers to 'beta' but is in no function");
  }
}
