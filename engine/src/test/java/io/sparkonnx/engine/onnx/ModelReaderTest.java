package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphChecker;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as exporters write them, strict or not. */
class ModelReaderTest {
  private static LoadedModel read(ModelBuilder model) {
    LoadedModel loaded = ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT);
    GraphChecker.check(loaded.graph());
    return loaded;
  }

  private static AnyOperator operator(Graph graph, int node) {
    return (AnyOperator) graph.nodes().get(node).operator();
  }

  private static ModelBuilder relu() {
    return ModelBuilder.opset(13)
        .input("x", ElementType.FLOAT, "N", 3)
        .node("Relu", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 3);
  }

  /** The types of the inputs as text. */
  private static List<String> inputTypes(LoadedModel model) {
    return model.graph().inputs().stream().map(input -> input.type().toString()).toList();
  }

  @Test
  void sortsNodes() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT, "N", 3)
                .initializer("w", Tensor.of(new float[6], 3, 2))
                .node("Relu", List.of("h"), List.of("y"))
                .named("act")
                .node("MatMul", List.of("x", "w"), List.of("h"))
                .named("fc")
                .output("y", ElementType.FLOAT, "N", 2));

    assertThat(model.graph().nodes().stream().map(Node::name)).containsExactly("fc", "act");
  }

  @Test
  void namesUnnamedNodesByTypeAndPlace() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT)
                .node("Relu", List.of("x"), List.of("a"))
                .named("Relu_1")
                .node("Relu", List.of("a"), List.of("y"))
                .output("y"));

    assertThat(model.graph().nodes().stream().map(Node::name))
        .containsExactly("Relu_1", "Relu_1_1");
  }

  @Test
  void makesEqualNodeNamesUnique() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT)
                .node("Relu", List.of("x"), List.of("a"))
                .named("act")
                .node("Relu", List.of("a"), List.of("y"))
                .named("act")
                .output("y"));

    assertThat(model.graph().nodes().stream().map(Node::name)).containsExactly("act", "act_1");
  }

  @Test
  void picksTheVariantThatHoldsAtTheImportedVersion() {
    assertThat(operator(read(relu()).graph(), 0).since()).isEqualTo(6);
    ModelBuilder old = ModelBuilder.opset(5).input("x", ElementType.FLOAT);
    assertThat(
            operator(read(old.node("Relu", List.of("x"), List.of("y")).output("y")).graph(), 0)
                .since())
        .isEqualTo(1);
  }

  @Test
  void takesTheLongNameOfTheStandardDomain() {
    LoadedModel model =
        read(
            ModelBuilder.graph()
                .opset("ai.onnx", 13)
                .input("x", ElementType.FLOAT)
                .node("ai.onnx", "Relu", List.of("x"), List.of("h"))
                .node("", "Relu", List.of("h"), List.of("y"))
                .output("y"));

    assertThat(model.info().opsets()).containsExactly(entry("", 13));
  }

  @Test
  void ignoresUnknownDomainsThatNoNodeUses() {
    LoadedModel model = read(relu().opset("ai.onnx.converters.tensorflow", 3));

    assertThat(model.warnings())
        .containsExactly(
            "imports domain 'ai.onnx.converters.tensorflow', which is not known; no node uses it");
  }

  @Test
  void takesFilesOlderThanImportsAsVersionOne() {
    LoadedModel model =
        read(
            ModelBuilder.graph()
                .irVersion(2)
                .input("x", ElementType.FLOAT)
                .node("Relu", List.of("x"), List.of("y"))
                .output("y"));

    assertThat(operator(model.graph(), 0).since()).isEqualTo(1);
  }

  @Test
  void takesTheHigherOfTwoImports() {
    LoadedModel model = read(relu().opset("ai.onnx", 5));

    assertThat(model.info().opsets()).containsExactly(entry("", 13));
    assertThat(model.warnings()).containsExactly("imports ai.onnx twice, as version 13 and 5");
  }

  @Test
  void givesUnknownDimensionsSymbolsOfTheirOwn() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT, null, 0, -1, 3, "batch")
                .input("y", ElementType.FLOAT, "x_dim0", "?", "")
                .node("Add", List.of("x", "y"), List.of("z"))
                .output("z"));

    assertThat(inputTypes(model))
        .containsExactly(
            "float [x_dim0_1, x_dim1, x_dim2, 3, batch]", "float [x_dim0, y_dim1, y_dim2]");
  }

  @Test
  void knowsTensorsOfAnyRankSequencesMapsAndOptionals() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .edit(
                    proto ->
                        proto
                            .getGraphBuilder()
                            .addInputBuilder()
                            .setName("any")
                            .getTypeBuilder()
                            .getTensorTypeBuilder()
                            .setElemType(ElementType.INT64.code()))
                .input(
                    "maps",
                    ModelBuilder.sequenceType(
                        ModelBuilder.mapType(
                            ElementType.INT64, ModelBuilder.tensorType(ElementType.FLOAT))))
                .input(
                    "maybe",
                    ModelBuilder.optionalType(ModelBuilder.tensorType(ElementType.BOOL, "n")))
                .output("any"));

    assertThat(inputTypes(model))
        .containsExactly("int64 [...]", "seq(map(int64, float []))", "optional(bool [n])");
  }

  @Test
  void makesInitializedInputsOptional() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT, 1)
                .input("w", ElementType.FLOAT, 1)
                .initializer("w", Tensor.of(new float[] {5}, 1))
                .initializer("c", Tensor.of(new float[] {7}, 1))
                .node("Add", List.of("x", "w"), List.of("h"))
                .node("Add", List.of("h", "c"), List.of("y"))
                .output("y"));

    assertThat(model.graph().inputs().stream().map(input -> input.name() + input.optional()))
        .containsExactly("xfalse", "wtrue");
    assertThat(model.graph().constants()).containsOnlyKeys("w", "c");
  }

  @Test
  void allowsLeftOutInputsAndOutputs() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT)
                .node("Resize", List.of("x", "", "", "x"), List.of("", "y"))
                .node("Relu", List.of("y"), List.of("", "", "z"))
                .output("z"));

    assertThat(model.graph().nodes().get(0).outputs()).containsExactly("", "y");
  }

  @Test
  void allowsGraphsWithoutNodes() {
    LoadedModel model =
        read(
            ModelBuilder.opset(13)
                .input("x", ElementType.FLOAT, 2)
                .initializer("w", Tensor.of(new float[2], 2))
                .output("x")
                .output("w"));

    assertThat(model.graph().nodes()).isEmpty();
  }

  @Test
  void keepsDeclaredTypesOfOutputs() {
    LoadedModel model = read(relu());

    ValueType declared = model.graph().outputs().get(0).declared();
    assertThat(declared).hasToString("float [N, 3]");
    assertThat(read(ModelBuilder.opset(13).initializer("w", Tensor.of(new int[1])).output("w")))
        .extracting(loaded -> loaded.graph().outputs().get(0).declared())
        .isNull();
  }

  @Test
  void toleratesTextThatIsNotUtf8() {
    LoadedModel model =
        read(
            relu()
                .edit(
                    proto ->
                        proto
                            .setDocStringBytes(ByteString.fromHex("ff41"))
                            .setProducerNameBytes(ByteString.fromHex("41fe"))));

    assertThat(model.info().producer()).isEqualTo("A\uFFFD");
  }

  @Test
  void saysWhatTheFileSaysOfItself() throws Exception {
    byte[] bytes =
        relu()
            .irVersion(7)
            .edit(
                proto -> {
                  proto.setProducerName("pytorch").setProducerVersion("2.1");
                  proto.setDomain("org.example").setModelVersion(3);
                  proto.addMetadataPropsBuilder().setKey("author").setValue("me");
                })
            .bytes();
    LoadedModel model = ModelReader.read(bytes, AnyOperator.table(), LoadOptions.DEFAULT);

    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    assertThat(model.info().toString())
        .isEqualTo(
            "ModelInfo[irVersion=7, producer=pytorch 2.1, domain=org.example, modelVersion=3,"
                + " opsets={=13}, metadata={author=me}, sha256="
                + sha256
                + "]");
  }

  @Test
  void readsMappedFilesAsTheirBytes(@TempDir Path folder) throws Exception {
    float[] weights = new float[500_000];
    weights[499_999] = 42;
    byte[] bytes =
        ModelBuilder.opset(13).initializer("w", Tensor.of(weights, 500_000)).output("w").bytes();
    Path file = Files.write(folder.resolve("m.onnx"), bytes);

    LoadedModel mapped = ModelReader.read(file, AnyOperator.table(), LoadOptions.DEFAULT);
    LoadedModel whole = ModelReader.read(bytes, AnyOperator.table(), LoadOptions.DEFAULT);
    assertThat(mapped.info()).isEqualTo(whole.info());
    assertThat(mapped.graph().constants().get("w").doubleAt(499_999)).isEqualTo(42);
  }
}
