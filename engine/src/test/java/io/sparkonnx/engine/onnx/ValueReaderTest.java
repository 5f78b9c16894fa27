package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.proto.MapProto;
import io.sparkonnx.engine.onnx.proto.OptionalProto;
import io.sparkonnx.engine.onnx.proto.SequenceProto;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.MapValue;
import io.sparkonnx.engine.tensor.OptionalValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.MapType;
import io.sparkonnx.engine.type.ValueType.OptionalType;
import io.sparkonnx.engine.type.ValueType.SequenceType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueReaderTest {
  private static final ValueType TENSOR = new TensorType(ElementType.FLOAT, Shape.UNKNOWN);
  private static final ValueType SEQUENCE = new SequenceType(TENSOR);
  private static final ValueType MAP = new MapType(ElementType.INT64, TENSOR);
  private static final ValueType OPTIONAL = new OptionalType(TENSOR);

  private static TensorProto scalar(float value) {
    return TensorProtos.of("", Tensor.of(new float[] {value}));
  }

  private static MapProto map(long... keys) {
    MapProto.Builder map = MapProto.newBuilder().setName("m").setKeyType(7);
    for (long key : keys) {
      map.addKeys(key);
      map.getValuesBuilder().addTensorValues(scalar(10f * (int) key));
    }
    return map.build();
  }

  private static float[] floats(Object tensor) {
    return ((FloatTensor) tensor).toArray();
  }

  @Test
  void readsTensors() {
    byte[] bytes = TensorProtos.of("x", Tensor.of(new float[] {1, 2}, 2)).toByteArray();
    TestValue value = ValueReader.read(bytes, TENSOR);

    assertThat(value.name()).isEqualTo("x");
    assertThat(floats(value.value())).containsExactly(1, 2);
    assertThat(floats(ValueReader.read(bytes, null).value())).containsExactly(1, 2);
  }

  @Test
  void readsSequences() {
    SequenceProto proto =
        SequenceProto.newBuilder()
            .setName("s")
            .setElemType(1)
            .addTensorValues(scalar(1))
            .addTensorValues(scalar(2))
            .build();
    TestValue value = ValueReader.read(proto.toByteArray(), SEQUENCE);

    assertThat(value.name()).isEqualTo("s");
    SequenceValue sequence = (SequenceValue) value.value();
    assertThat(sequence.size()).isEqualTo(2);
    assertThat(floats(sequence.get(1))).containsExactly(2);
  }

  @Test
  void readsSequencesOfSequences() {
    SequenceProto inner = SequenceProto.newBuilder().addTensorValues(scalar(1)).build();
    SequenceProto proto = SequenceProto.newBuilder().addSequenceValues(inner).build();
    SequenceValue value =
        (SequenceValue) ValueReader.read(proto.toByteArray(), new SequenceType(SEQUENCE)).value();

    assertThat(((SequenceValue) value.get(0)).size()).isEqualTo(1);
  }

  @Test
  void readsSequencesOfMaps() {
    SequenceProto proto = SequenceProto.newBuilder().addMapValues(map(0, 1, 2)).build();
    SequenceValue value =
        (SequenceValue) ValueReader.read(proto.toByteArray(), new SequenceType(MAP)).value();

    assertThat(floats(((MapValue) value.get(0)).values())).containsExactly(0, 10, 20);
  }

  @Test
  void readsMaps() {
    TestValue value = ValueReader.read(map(5, 7).toByteArray(), MAP);

    assertThat(value.name()).isEqualTo("m");
    MapValue map = (MapValue) value.value();
    assertThat(map.keys()).hasToString("int64[2]");
    assertThat(map.keys().longAt(1)).isEqualTo(7);
    assertThat(map.values().hasDims(2)).isTrue();
  }

  @Test
  void readsMapsFromStrings() {
    MapProto.Builder proto =
        MapProto.newBuilder()
            .addStringKeys(ByteString.copyFromUtf8("a"))
            .addStringKeys(ByteString.copyFromUtf8("b"));
    proto.getValuesBuilder().addTensorValues(TensorProtos.of("", Tensor.of(new float[2], 2)));
    MapValue map =
        (MapValue)
            ValueReader.read(proto.build().toByteArray(), new MapType(ElementType.STRING, TENSOR))
                .value();

    assertThat(((StringTensor) map.keys()).toArray()).containsExactly("a", "b");
    assertThat(map.values().size()).isEqualTo(2);
  }

  @Test
  void readsMapsToStrings() {
    MapProto.Builder proto = MapProto.newBuilder().addKeys(1).addKeys(2);
    for (String text : new String[] {"x", "yz"}) {
      proto
          .getValuesBuilder()
          .addTensorValues(TensorProtos.of("", Tensor.of(new String[] {text}, 1)));
    }
    MapValue map = (MapValue) ValueReader.read(proto.build().toByteArray(), MAP).value();

    assertThat(((StringTensor) map.values()).toArray()).containsExactly("x", "yz");
  }

  @Test
  void readsOptionals() {
    OptionalProto some = OptionalProto.newBuilder().setTensorValue(scalar(3)).build();
    OptionalValue value = (OptionalValue) ValueReader.read(some.toByteArray(), OPTIONAL).value();
    assertThat(floats(value.value())).containsExactly(3);

    OptionalProto none = OptionalProto.newBuilder().setName("o").setElemType(1).build();
    TestValue absent = ValueReader.read(none.toByteArray(), OPTIONAL);
    assertThat(absent).isEqualTo(new TestValue("o", new OptionalValue(null)));
  }

  @Test
  void takesTheTypeOfTheNameInTheFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("output_0.pb");
    Files.write(file, SequenceProto.newBuilder().setName("s").build().toByteArray());

    TestValue value = ValueReader.read(file, Map.of("s", SEQUENCE, "t", TENSOR), TENSOR);
    assertThat(value.value()).isInstanceOf(SequenceValue.class);
    Files.write(file, TensorProtos.of("t", Tensor.of(new float[1])).toByteArray());
    value = ValueReader.read(file, Map.of("s", SEQUENCE, "t", TENSOR), SEQUENCE);
    assertThat(value.value()).isInstanceOf(FloatTensor.class);
  }

  @Test
  void refusesOtherFilesInOneLine(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> ValueReader.read(new byte[] {12, 12}, TENSOR))
        .hasMessage("no TensorProto: no field starts at byte 0")
        .extracting(e -> ((OnnxException) e).code())
        .isEqualTo(Code.INVALID_INPUT);
    assertThatThrownBy(() -> ValueReader.read(new byte[0], TENSOR))
        .hasMessage("no TensorProto: the tensor has the element type 0, which is not known");
    Path absent = folder.resolve("absent.pb");
    assertThatThrownBy(() -> ValueReader.read(absent, TENSOR))
        .hasMessage("there is no file '" + absent + "'");
  }

  @Test
  void refusesMapsWhoseKeysAndValuesDiffer() {
    MapProto proto = map(1, 2).toBuilder().addKeys(3).build();

    assertThatThrownBy(() -> ValueReader.read(proto.toByteArray(), MAP))
        .hasMessage("no MapProto: a map has 3 keys but 2 values");
  }
}
