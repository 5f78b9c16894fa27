package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.LoadOptions.Limits;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.GraphChecker;
import io.sparkonnx.engine.onnx.proto.FunctionProto;
import io.sparkonnx.engine.onnx.proto.SequenceProto;
import io.sparkonnx.engine.onnx.proto.SparseTensorProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.SequenceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files give a model or one refusal; never another exception, and never endless work. */
class HostileModelTest {
  private static final int MUTANTS = 4000;

  /** Neighbouring seeds of Random give similar first numbers; their multiples do not. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private static final byte[] TELLING_BYTES = {0, 1, 2, 0x7F, (byte) 0x80, (byte) 0xFF, 0x0A, 0x3A};
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULT.withLimits(new Limits(1 << 20, 1000, 8));

  private final OperatorTable operators = AnyOperator.table();

  private static byte[] plain() {
    return ModelBuilder.opset(13)
        .input("x", ElementType.FLOAT, "N", 3)
        .initializer("w", Tensor.of(new float[6], 3, 2))
        .initializer("s", Tensor.of(new String[] {"a", "bc"}, 2))
        .node("MatMul", List.of("x", "w"), List.of("h"))
        .node("Conv", List.of("h"), List.of("y"), "k", new long[] {3, 3}, "f", 0.5f, "s", "SAME")
        .node("Constant", List.of(), List.of("c"), "value", Tensor.of(new long[] {1}, 1))
        .output("y", ElementType.FLOAT, "N", 2)
        .bytes();
  }

  private static byte[] nested() {
    ModelBuilder branch =
        ModelBuilder.graph()
            .input("i", ElementType.INT64)
            .node("Add", List.of("x", "i"), List.of("o"))
            .output("o");
    ModelBuilder outer =
        ModelBuilder.graph()
            .node("If", List.of("x"), List.of("p"), "then_branch", branch, "else_branch", branch)
            .output("p");
    return ModelBuilder.opset(13)
        .input("x", ModelBuilder.sequenceType(ModelBuilder.tensorType(ElementType.FLOAT, "N")))
        .node("Loop", List.of("x"), List.of("y"), "body", outer)
        .output("y")
        .bytes();
  }

  private static byte[] functions() {
    FunctionProto inner =
        FunctionProto.newBuilder()
            .setDomain("own")
            .setName("G")
            .addInput("a")
            .addOutput("b")
            .addNode(ModelBuilder.nodeProto("", "Relu", List.of("a"), List.of("b")))
            .build();
    FunctionProto outer =
        FunctionProto.newBuilder()
            .setDomain("own")
            .setName("F")
            .addInput("a")
            .addOutput("b")
            .addAttributeProto(ModelBuilder.attribute("k", 1))
            .addNode(ModelBuilder.nodeProto("own", "G", List.of("a"), List.of("t")))
            .addNode(ModelBuilder.nodeProto("own", "G", List.of("t"), List.of("b")))
            .build();
    return ModelBuilder.opset(13)
        .opset("own", 1)
        .input("x", ElementType.FLOAT)
        .node("own", "F", List.of("x"), List.of("y"))
        .node("own", "F", List.of("y"), List.of("z"))
        .output("z")
        .function(inner)
        .function(outer)
        .bytes();
  }

  private static byte[] data() {
    TensorProto.Builder external = TensorProto.newBuilder().setName("e").setDataType(2).addDims(4);
    external.setDataLocation(TensorProto.DataLocation.EXTERNAL);
    external.addExternalDataBuilder().setKey("location").setValue("w.bin");
    external.addExternalDataBuilder().setKey("offset").setValue("12");
    SparseTensorProto sparse =
        SparseTensorProto.newBuilder()
            .setValues(TensorProtos.of("p", Tensor.of(new float[1], 1)))
            .setIndices(TensorProtos.of("", Tensor.of(new long[1], 1)))
            .addDims(3)
            .addDims(4)
            .build();
    TensorProto packed =
        TensorProto.newBuilder()
            .setName("q")
            .setDataType(22)
            .addDims(3)
            .addInt32Data(8)
            .addInt32Data(7)
            .build();
    return ModelBuilder.opset(13)
        .edit(
            model ->
                model
                    .getGraphBuilder()
                    .addInitializer(external)
                    .addInitializer(packed)
                    .addSparseInitializer(sparse))
        .output("e")
        .output("p")
        .output("q")
        .bytes();
  }

  private static byte[] mutant(byte[] original, int seed) {
    Random random = new Random(seed * SPREAD);
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = TELLING_BYTES[random.nextInt(TELLING_BYTES.length)];
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = splice(bytes, at, bytes, random.nextInt(bytes.length), random);
        default -> {
          byte[] telling = new byte[1 + random.nextInt(5)];
          Arrays.fill(telling, TELLING_BYTES[random.nextInt(TELLING_BYTES.length)]);
          bytes = splice(bytes, at, telling, 0, random);
        }
      }
    }
    return bytes;
  }

  /** {@code bytes} with a piece of {@code other} put in at {@code at}. */
  private static byte[] splice(byte[] bytes, int at, byte[] other, int from, Random random) {
    int length = 1 + random.nextInt(Math.min(40, other.length - from));
    byte[] result = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(other, from, result, at, length);
    System.arraycopy(bytes, at, result, at + length, bytes.length - at);
    return result;
  }

  private void survives(byte[] original, String name, Path folder) {
    LoadOptions options = OPTIONS.withExternalData(folder);
    assertThat(ModelReader.read(original, operators, options)).as(name).isNotNull();
    int read = 0;
    for (int seed = 0; seed < MUTANTS; seed++) {
      byte[] bytes = mutant(original, seed);
      try {
        Graph graph = ModelReader.read(bytes, operators, options).graph();
        GraphChecker.check(graph);
        read++;
      } catch (OnnxException e) {
        assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
      } catch (RuntimeException | Error e) {
        fail(name + ", seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
      }
    }
    assertThat(read).as("mutants of " + name + " that are models").isBetween(1, MUTANTS - 1);
  }

  @Test
  void plainModels(@TempDir Path folder) {
    survives(plain(), "plain", folder);
  }

  @Test
  void graphsInNodes(@TempDir Path folder) {
    survives(nested(), "nested", folder);
  }

  @Test
  void functionsOfTheModel(@TempDir Path folder) {
    survives(functions(), "functions", folder);
  }

  @Test
  void formsOfData(@TempDir Path folder) throws Exception {
    Files.write(folder.resolve("w.bin"), new byte[100]);
    survives(data(), "data", folder);
  }

  @Test
  void testValues() {
    SequenceProto.Builder sequence = SequenceProto.newBuilder().setName("s");
    sequence.addTensorValues(TensorProtos.of("t", Tensor.of(new float[3], 3)));
    sequence.addMapValuesBuilder().addKeys(4).getValuesBuilder().addTensorValuesBuilder();
    byte[] original = sequence.build().toByteArray();
    ValueType type = new SequenceType(ValueType.UNKNOWN_ELEMENT);
    int refused = 0;
    for (int seed = 0; seed < MUTANTS; seed++) {
      byte[] bytes = mutant(original, seed);
      try {
        assertThat(ValueReader.read(bytes, type).name()).isNotNull();
      } catch (OnnxException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
      }
    }
    assertThat(refused).isPositive();
  }
}
