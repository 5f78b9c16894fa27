package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.ModelProto;
import io.sparkonnx.engine.onnx.proto.TypeProto;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is dropped, kept and refused before a message is parsed. */
class WireScanTest {
  private static final Limits LIMITS = new Limits(1 << 20, 10, 4);

  private static ModelProto skeleton(ModelProto model, long heap) throws Exception {
    return skeleton(model.toByteArray(), heap);
  }

  private static ModelProto skeleton(byte[] bytes, long heap) throws Exception {
    ByteBuffer skeleton =
        WireScan.skeleton(
            ByteBuffer.wrap(bytes),
            ModelProto.getDescriptor(),
            LIMITS,
            new Budget(Long.MAX_VALUE, heap));
    return ModelProto.parseFrom(skeleton);
  }

  @Test
  void keepsWhatReadersNeed() throws Exception {
    ModelProto model =
        ModelBuilder.opset(13)
            .input("x", ElementType.FLOAT, "N", 3)
            .node("Add", List.of("x", ""), List.of("y"), "a", new long[300], "s", "x".repeat(300))
            .output("y")
            .proto();

    assertThat(skeleton(model, 1 << 20)).isEqualTo(model);
  }

  @Test
  void dropsWhatNobodyNeeds() throws Exception {
    ModelProto model = ModelBuilder.opset(13).output("y").proto();
    ModelProto.Builder more = model.toBuilder().setDocString("long text");
    more.getGraphBuilder().addValueInfoBuilder().setName("h");
    more.setUnknownFields(
        UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).addFixed32(2).build())
            .addField(
                98, UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.EMPTY).build())
            .build());

    assertThat(skeleton(more.build(), 1 << 20)).isEqualTo(model);
  }

  @Test
  void leavesRawDataInTheFile() throws Exception {
    float[] weights = new float[100_000];
    Arrays.fill(weights, 7);
    byte[] bytes =
        ModelBuilder.opset(13).initializer("w", Tensor.of(weights, 100_000)).output("w").bytes();
    ModelProto skeleton = skeleton(bytes, 10_000);

    RawReference reference =
        RawReference.decode(skeleton.getGraph().getInitializer(0).getRawData());
    assertThat(reference.length()).isEqualTo(400_000);
    assertThat(Arrays.copyOfRange(bytes, reference.position(), reference.position() + 4))
        .containsExactly(0, 0, 0xE0, 0x40);
  }

  @Test
  void ignoresKnownFieldsInAnotherWireForm() throws Exception {
    byte[] graphAsNumber = {0x38, 5};

    assertThat(skeleton(graphAsNumber, 1 << 20)).isEqualTo(ModelProto.getDefaultInstance());
  }

  @Test
  void refusesMoreNodesThanTheLimit() {
    ModelBuilder model = ModelBuilder.opset(13);
    for (int i = 0; i < 11; i++) {
      model.node("Relu", List.of("x"), List.of("y" + i));
    }

    assertThatThrownBy(() -> skeleton(model.proto(), 1 << 20))
        .hasMessage("the model has more than 10 nodes")
        .extracting(e -> ((OnnxException) e).code())
        .isEqualTo(Code.LIMIT_EXCEEDED);
  }

  @Test
  void refusesGraphsNestedDeeperThanTheLimit() {
    ModelBuilder model = ModelBuilder.graph();
    for (int i = 0; i < 4; i++) {
      model = ModelBuilder.graph().node("If", List.of(), List.of(), "then_branch", model);
    }
    ModelProto deep = model.proto();

    assertThatThrownBy(() -> skeleton(deep, 1 << 20))
        .hasMessage("graphs are nested more than 4 deep");
  }

  @Test
  void refusesTypesNestedWithoutEnd() {
    TypeProto type = TypeProto.getDefaultInstance();
    for (int i = 0; i < 60; i++) {
      type = ModelBuilder.sequenceType(type);
    }
    ModelProto deep = ModelBuilder.opset(13).input("x", type).proto();

    assertThatThrownBy(() -> skeleton(deep, 1 << 20))
        .hasMessage("messages are nested more than 76 deep");
  }

  @Test
  void refusesManySmallMessagesThatFillTheMemory() {
    GraphProto.Builder graph = GraphProto.newBuilder();
    for (int i = 0; i < 100_000; i++) {
      graph.addInputBuilder();
    }
    ModelProto model = ModelProto.newBuilder().setGraph(graph).build();

    assertThat(model.getSerializedSize()).isLessThan(210_000);
    assertThatThrownBy(() -> skeleton(model, 10 << 20))
        .hasMessageMatching(
            "the structure of the model takes .* of memory after 10\\.5 MB for what was read"
                + " before, but 10\\.5 MB is all that this JVM has for it; a larger -Xmx helps");
  }

  @Test
  void refusesPackedListsThatFillTheMemory() {
    ModelProto model =
        ModelBuilder.opset(13)
            .edit(proto -> proto.getGraphBuilder().addInitializerBuilder().addAllInt64Data(zeros()))
            .proto();

    assertThatThrownBy(() -> skeleton(model, 1 << 20))
        .hasMessageStartingWith("the list 'int64_data' takes 2.0 MB of memory");
  }

  private static List<Long> zeros() {
    return Collections.nCopies(100_000, 0L);
  }

  @Test
  void refusesFilesAboveTheLimit() {
    byte[] bytes =
        ModelBuilder.opset(13).initializer("w", Tensor.of(new float[9000], 9000)).bytes();
    LoadOptions options = LoadOptions.DEFAULT.withLimits(new Limits(20_000, 10, 4));

    assertThatThrownBy(() -> ModelReader.read(bytes, AnyOperator.table(), options))
        .hasMessage(
            "the model file has 36.0 kB, more than what is left of the limit of 20.0 kB for one"
                + " model");
  }
}
