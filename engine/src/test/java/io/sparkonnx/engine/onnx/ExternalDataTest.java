package io.sparkonnx.engine.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.ExternalFiles;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.onnx.proto.AttributeProto;
import io.sparkonnx.engine.onnx.proto.GraphProto;
import io.sparkonnx.engine.onnx.proto.NodeProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Tensors whose data lies in files beside the model. */
class ExternalDataTest {
  @TempDir Path outside;
  private Path folder;

  @BeforeEach
  void makeFolder() throws Exception {
    folder = Files.createDirectory(outside.resolve("model"));
  }

  private static TensorProto.Builder external(ElementType type, int size, String... entries) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(type.code())
            .addDims(size)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    for (int i = 0; i < entries.length; i += 2) {
      proto.addExternalDataBuilder().setKey(entries[i]).setValue(entries[i + 1]);
    }
    return proto;
  }

  private static byte[] model(TensorProto.Builder proto) {
    return ModelBuilder.opset(13)
        .output("w")
        .edit(model -> model.getGraphBuilder().addInitializer(proto))
        .bytes();
  }

  private Tensor read(TensorProto.Builder proto) {
    return read(proto, LoadOptions.DEFAULT);
  }

  private Tensor read(TensorProto.Builder proto, LoadOptions options) {
    return ModelReader.read(model(proto), AnyOperator.table(), options.withExternalData(folder))
        .graph()
        .constants()
        .get("w");
  }

  private void refused(String message, TensorProto.Builder proto) {
    assertThatThrownBy(() -> read(proto)).hasMessage(message);
  }

  private void write(String name, int bytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    Files.write(folder.resolve(name), content);
  }

  @Test
  void isReadFromItsOffset() throws Exception {
    Files.write(folder.resolve("w.bin"), new byte[] {9, 9, 1, 2, 3, 9});

    Tensor tensor =
        read(external(ElementType.UINT8, 3, "location", "w.bin", "offset", "2", "length", "3"));
    assertThat((byte[]) tensor.array()).containsExactly(1, 2, 3);
  }

  @Test
  void isReadFromTheModelsFolderByDefault() throws Exception {
    Files.write(folder.resolve("w.bin"), new byte[] {1, 2});
    Path file = folder.resolve("m.onnx");
    Files.write(file, model(external(ElementType.UINT8, 2, "location", "w.bin")));

    assertThat(
            ModelReader.read(file, AnyOperator.table(), LoadOptions.DEFAULT)
                .graph()
                .constants()
                .get("w")
                .longAt(1))
        .isEqualTo(2);
  }

  @Test
  void mayLieInSubfoldersAndBeLongerThanNeeded() throws Exception {
    Files.createDirectory(folder.resolve("sub"));
    write("sub/w.bin", 100);

    assertThat(read(external(ElementType.FLOAT, 4, "location", "sub/w.bin")).size()).isEqualTo(4);
    assertThat(read(external(ElementType.FLOAT, 4, "location", "sub/../sub/w.bin")).size())
        .isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "STRING")
  void isTheSameInPieces(ElementType type) throws Exception {
    write("w.bin", 16 * 4097);
    TensorProto proto = external(type, 4097, "location", "w.bin").build();
    Budget budget = new Budget(1 << 20, 1 << 20);
    ByteBuffer none = ByteBuffer.allocate(0);
    try (ExternalData data = new ExternalData(ExternalFiles.in(folder))) {
      Tensor whole = new TensorReader(none, data, budget).read(proto, "w");
      Tensor pieces = new TensorReader(none, data, budget, 48).read(proto, "w");
      assertThat(TensorProtos.raw(pieces)).isEqualTo(TensorProtos.raw(whole));
    }
  }

  @Test
  void mayLieBeyondTwoGigabytes() throws Exception {
    long offset = 3L << 30;
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("w.bin").toFile(), "rw")) {
      file.seek(offset);
      file.write("hello".getBytes(UTF_8));
    }
    String at = Long.toString(offset);

    Tensor tensor = read(external(ElementType.UINT8, 5, "location", "w.bin", "offset", at));
    assertThat((byte[]) tensor.array()).isEqualTo("hello".getBytes(UTF_8));
  }

  @Test
  void isMappedWhereItIsBig() throws Exception {
    write("w.bin", 5_000_000);

    Tensor tensor =
        read(external(ElementType.UINT8, 4_999_999, "location", "w.bin", "offset", "1"));
    byte[] content = Files.readAllBytes(folder.resolve("w.bin"));
    assertThat(tensor.longAt(4_999_998)).isEqualTo(content[4_999_999] & 0xFF);
  }

  @Test
  void mustNotLeaveTheFolder() throws Exception {
    Files.write(outside.resolve("secret"), new byte[] {1, 2});
    Files.createDirectory(outside.resolve("model2"));
    Files.write(outside.resolve("model2/w"), new byte[] {1, 2});
    String absolute = outside.resolve("secret").toString();

    refused(
        "initializer 'w': external data '../secret' is not a path inside the model's folder",
        external(ElementType.UINT8, 2, "location", "../secret"));
    refused(
        "initializer 'w': external data 'a/../../secret' is not a path inside the model's folder",
        external(ElementType.UINT8, 2, "location", "a/../../secret"));
    refused(
        "initializer 'w': external data '../model2/w' is not a path inside the model's folder",
        external(ElementType.UINT8, 2, "location", "../model2/w"));
    refused(
        "initializer 'w': external data '" + absolute + "' is not a path inside the model's folder",
        external(ElementType.UINT8, 2, "location", absolute));
    refused(
        "initializer 'w': external data '' is not a path inside the model's folder",
        external(ElementType.UINT8, 2));
  }

  @Test
  void mustNotLeaveTheFolderThroughLinks() throws Exception {
    Files.write(outside.resolve("secret"), new byte[] {1, 2});
    Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("up"), outside);

    refused(
        "initializer 'w': external data 'link' is not a path inside the model's folder",
        external(ElementType.UINT8, 2, "location", "link"));
    refused(
        "initializer 'w': external data 'up/secret' is not a path inside the model's folder",
        external(ElementType.UINT8, 2, "location", "up/secret"));
  }

  @Test
  void mayGoThroughLinksThatStayInside() throws Exception {
    Files.write(folder.resolve("w.bin"), new byte[] {7});
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("w.bin"));

    assertThat(read(external(ElementType.UINT8, 1, "location", "link")).longAt(0)).isEqualTo(7);
  }

  @Test
  void mustBeThere() {
    refused(
        "initializer 'w': external data 'w.bin' is not in the model's folder",
        external(ElementType.UINT8, 2, "location", "w.bin"));
    refused(
        "initializer 'w': external data '.' is not in the model's folder",
        external(ElementType.UINT8, 2, "location", "."));
    refused(
        "initializer 'w': external data 'a?b' is no file name",
        external(ElementType.UINT8, 2, "location", "a\0b"));
  }

  @Test
  void mustBeLongEnough() throws Exception {
    write("w.bin", 10);

    refused(
        "initializer 'w': external data 'w.bin' has 10 bytes, but 8 from byte 4 are needed",
        external(ElementType.FLOAT, 2, "location", "w.bin", "offset", "4", "length", "8"));
    refused(
        "initializer 'w': external data 'w.bin' has 10 bytes, but 0 from byte 11 are needed",
        external(ElementType.FLOAT, 2, "location", "w.bin", "offset", "11"));
    refused(
        "initializer 'w' has 6 bytes but its shape [2] of float needs 8",
        external(ElementType.FLOAT, 2, "location", "w.bin", "offset", "4"));
    refused(
        "initializer 'w' has 6 bytes but its shape [2] of float needs 8",
        external(ElementType.FLOAT, 2, "location", "w.bin", "length", "6"));
  }

  @Test
  void mustHaveNumbersForNumbers() throws Exception {
    write("w.bin", 10);
    refused(
        "initializer 'w': offset of external data is '-1'",
        external(ElementType.UINT8, 2, "location", "w.bin", "offset", "-1"));
    refused(
        "initializer 'w': length of external data is '99999999999999999999'",
        external(ElementType.UINT8, 2, "location", "w.bin", "length", "99999999999999999999"));
    refused(
        "initializer 'w': external data 'w.bin' has 10 bytes, but 999999999999999999 from byte"
            + " 999999999999999999 are needed",
        external(
            ElementType.UINT8,
            2,
            "location",
            "w.bin",
            "offset",
            "999999999999999999",
            "length",
            "999999999999999999"));
  }

  @Test
  void isRefusedWhereNoFolderIsAllowed() {
    byte[] model = model(external(ElementType.UINT8, 2, "location", "w.bin"));

    assertThatThrownBy(() -> ModelReader.read(model, AnyOperator.table(), LoadOptions.DEFAULT))
        .hasMessage(
            "initializer 'w': external data 'w.bin' is needed, but there is no folder that it may"
                + " come from");
  }

  @Test
  void countsTowardsTheLimitOfTheModel() throws Exception {
    write("w.bin", 20_000);
    LoadOptions options = LoadOptions.DEFAULT.withLimits(new Limits(15_000, 100, 5));

    assertThatThrownBy(
            () -> read(external(ElementType.UINT8, 20_000, "location", "w.bin"), options))
        .hasMessage(
            "initializer 'w' has 20.0 kB, more than what is left of the limit of 15.0 kB for one"
                + " model");
  }

  @Test
  void cannotBeStrings() {
    refused(
        "initializer 'w' is of strings, which cannot be external data",
        external(ElementType.STRING, 2, "location", "w.bin"));
  }

  /** Files in memory that give no more than what is asked for. */
  private static ExternalFiles memory(Map<String, byte[]> files) {
    return path -> {
      byte[] content = files.get(path);
      return content == null ? null : new MemoryFile(content);
    };
  }

  private record MemoryFile(byte[] content) implements ExternalFiles.ExternalFile {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public ByteBuffer read(long offset, int size) throws IOException {
      if (offset + size > content.length - 1) {
        throw new EOFException();
      }
      return ByteBuffer.wrap(content, (int) offset, size);
    }

    @Override
    public void close() {}
  }

  @Test
  void mayComeFromMemoryUnderItsPlainPath() {
    LoadOptions options =
        LoadOptions.DEFAULT.withExternalData(memory(Map.of("a/w.bin", new byte[] {9, 7, 8, 0})));
    byte[] model =
        model(external(ElementType.UINT8, 2, "location", "./b/..//a/w.bin", "offset", "1"));

    Tensor tensor =
        ModelReader.read(model, AnyOperator.table(), options).graph().constants().get("w");
    assertThat((byte[]) tensor.array()).containsExactly(7, 8);
  }

  @Test
  void mustNotEndWhileItIsRead() {
    LoadOptions options =
        LoadOptions.DEFAULT.withExternalData(memory(Map.of("w.bin", new byte[] {9, 7})));
    byte[] model = model(external(ElementType.UINT8, 2, "location", "w.bin"));

    assertThatThrownBy(() -> ModelReader.read(model, AnyOperator.table(), options))
        .hasMessage("initializer 'w': its external data became shorter while it was read");
  }

  @Test
  void isListedOnceForAllGraphs() {
    TensorProto.Builder inner = external(ElementType.FLOAT, 1, "location", "sub/../a.bin");
    AttributeProto constant =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(inner)
            .build();
    GraphProto branch =
        GraphProto.newBuilder()
            .addNode(NodeProto.newBuilder().setOpType("Constant").addAttribute(constant))
            .build();
    AttributeProto body =
        AttributeProto.newBuilder()
            .setName("then_branch")
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(branch)
            .build();
    byte[] model =
        ModelBuilder.opset(13)
            .edit(
                proto ->
                    proto
                        .getGraphBuilder()
                        .addNode(NodeProto.newBuilder().setOpType("If").addAttribute(body))
                        .addInitializer(external(ElementType.FLOAT, 1, "location", "b.bin"))
                        .addInitializer(external(ElementType.INT8, 1, "location", "a.bin")))
            .bytes();

    assertThat(Model.externalFiles(model, LoadOptions.DEFAULT)).containsExactly("a.bin", "b.bin");
  }

  @Test
  void isNotListedOutsideTheFolder() {
    byte[] model = model(external(ElementType.UINT8, 2, "location", "a/../../secret"));

    assertThatThrownBy(() -> Model.externalFiles(model, LoadOptions.DEFAULT))
        .hasMessage(
            "tensor 'w': external data 'a/../../secret' is not a path inside the model's folder");
  }
}
