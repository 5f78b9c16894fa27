package io.sparkonnx.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.onnx.proto.TensorProto;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every element type in every form that a file may hold it in. */
class TensorReaderTest {
  private static final int[] SIZES = {0, 1, 2, 3, 5, 7, 16, 17, 208, 4097};

  private static Tensor read(TensorProto.Builder proto) {
    return read(model(proto));
  }

  private static Tensor read(ModelBuilder model) {
    return ModelReader.read(model.bytes(), AnyOperator.table(), LoadOptions.DEFAULT)
        .graph()
        .constants()
        .get("w");
  }

  private static ModelBuilder model(TensorProto.Builder proto) {
    proto.setName("w");
    return ModelBuilder.opset(13)
        .output("w")
        .edit(model -> model.getGraphBuilder().addInitializer(proto));
  }

  private static TensorProto.Builder proto(ElementType type, long... dims) {
    TensorProto.Builder proto = TensorProto.newBuilder().setDataType(type.code());
    Arrays.stream(dims).forEach(proto::addDims);
    return proto;
  }

  private static List<Long> longs(Tensor tensor) {
    return IntStream.range(0, tensor.size()).mapToObj(tensor::longAt).toList();
  }

  private static Tensor random(ElementType type, int size) {
    Tensor tensor = Tensor.allocate(type, size);
    Random random = new Random(type.code() * 31L + size);
    byte[] raw = new byte[(size * type.bits() + 7) / 8];
    random.nextBytes(raw);
    if (type == ElementType.BOOL) {
      for (int i = 0; i < raw.length; i++) {
        raw[i] &= 1;
      }
    }
    RawElements.copy(ByteBuffer.wrap(raw), type, tensor.array(), 0, size);
    return tensor;
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "STRING")
  void rawDataIsReadBackAsItWasWritten(ElementType type) {
    for (int size : SIZES) {
      Tensor tensor = random(type, size);
      byte[] raw = TensorProtos.raw(tensor);
      Tensor read = read(proto(type, size).setRawData(ByteString.copyFrom(raw)));

      assertThat(read.type()).isEqualTo(type);
      assertThat(read.dims()).containsExactly(size);
      assertThat(TensorProtos.raw(read)).as("%s of %d", type, size).isEqualTo(raw);
    }
  }

  @Test
  void rawDataIsLittleEndian() {
    ByteString one = ByteString.fromHex("0000803f");
    assertThat(read(proto(ElementType.FLOAT, 1).setRawData(one)).doubleAt(0)).isEqualTo(1);
    ByteString number = ByteString.fromHex("0102");
    assertThat(read(proto(ElementType.INT16, 1).setRawData(number)).longAt(0)).isEqualTo(0x201);
  }

  @Test
  void rawNibblesComeLowBitsFirstAndSigned() {
    ByteString raw = ByteString.fromHex("8f70");

    assertThat(longs(read(proto(ElementType.INT4, 3).setRawData(raw))))
        .containsExactly(-1L, -8L, 0L);
    assertThat(longs(read(proto(ElementType.UINT4, 4).setRawData(raw))))
        .containsExactly(15L, 8L, 0L, 7L);
    assertThat(read(proto(ElementType.FLOAT4E2M1, 3).setRawData(raw)).doubleAt(0)).isEqualTo(-6);
  }

  @Test
  void rawPairsOfBitsComeLowBitsFirstAndSigned() {
    ByteString raw = ByteString.fromHex("e4");

    assertThat(longs(read(proto(ElementType.UINT2, 4).setRawData(raw))))
        .containsExactly(0L, 1L, 2L, 3L);
    assertThat(longs(read(proto(ElementType.INT2, 4).setRawData(raw))))
        .containsExactly(0L, 1L, -2L, -1L);
  }

  @Test
  void rawTruthValuesAreZeroOrOne() {
    ByteString raw = ByteString.fromHex("0001ff");

    assertThat(longs(read(proto(ElementType.BOOL, 3).setRawData(raw)))).containsExactly(0L, 1L, 1L);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT32", "INT16", "INT8"})
  void signedIntegersMayBeAList(ElementType type) {
    assertThat(longs(read(proto(type, 3).addInt32Data(-1).addInt32Data(0).addInt32Data(127))))
        .containsExactly(-1L, 0L, 127L);
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT8"})
  void unsignedIntegersMayBeAList(ElementType type) {
    assertThat(longs(read(proto(type, 2).addInt32Data(255).addInt32Data(3))))
        .containsExactly(255L, 3L);
  }

  @Test
  void wideIntegersMayBeAList() {
    assertThat(longs(read(proto(ElementType.INT64, 1).addInt64Data(Long.MIN_VALUE))))
        .containsExactly(Long.MIN_VALUE);
    assertThat(longs(read(proto(ElementType.UINT64, 1).addUint64Data(-1)))).containsExactly(-1L);
    assertThat(longs(read(proto(ElementType.UINT32, 1).addUint64Data(0xFFFFFFFFL))))
        .containsExactly(0xFFFFFFFFL);
  }

  @Test
  void floatsMayBeAList() {
    assertThat(read(proto(ElementType.FLOAT, 1).addFloatData(0.5f)).doubleAt(0)).isEqualTo(0.5);
    assertThat(read(proto(ElementType.DOUBLE, 1).addDoubleData(0.1)).doubleAt(0)).isEqualTo(0.1);
  }

  @Test
  void longListsAreRead() {
    TensorProto.Builder floats = proto(ElementType.FLOAT, 5000);
    TensorProto.Builder doubles = proto(ElementType.DOUBLE, 5000);
    TensorProto.Builder pairs = proto(ElementType.COMPLEX64, 2500);
    for (int i = 0; i < 5000; i++) {
      floats.addFloatData(i);
      doubles.addDoubleData(-i);
      pairs.addFloatData(2 * i);
    }
    doubles.setRawData(ByteString.EMPTY);

    assertThat(read(floats).doubleAt(4999)).isEqualTo(4999);
    assertThat(read(doubles).doubleAt(4999)).isEqualTo(-4999);
    assertThat(((FloatTensor) read(pairs)).array()[4999]).isEqualTo(9998);
  }

  @Test
  void longListsOfAnotherTypeAreNotTaken() {
    TensorProto.Builder proto = proto(ElementType.INT32, 5000);
    for (int i = 0; i < 5000; i++) {
      proto.addFloatData(i);
    }

    refused(proto, "initializer 'w' has 0 values in int32_data but its shape [5000] needs 5000");
  }

  @Test
  void complexNumbersMayBeAListOfPairs() {
    Tensor narrow = read(proto(ElementType.COMPLEX64, 1).addFloatData(1).addFloatData(2));
    assertThat(((FloatTensor) narrow).array()).containsExactly(1, 2);
    Tensor wide = read(proto(ElementType.COMPLEX128, 1).addDoubleData(1).addDoubleData(2));
    assertThat(((DoubleTensor) wide).array()).containsExactly(1, 2);
  }

  @Test
  void narrowFloatsMayBeBitsInAList() {
    assertThat(read(proto(ElementType.FLOAT16, 1).addInt32Data(0xBC00)).doubleAt(0)).isEqualTo(-1);
    assertThat(read(proto(ElementType.BFLOAT16, 1).addInt32Data(0x3F80)).doubleAt(0)).isEqualTo(1);
    assertThat(read(proto(ElementType.FLOAT8E5M2, 1).addInt32Data(0x3C)).doubleAt(0)).isEqualTo(1);
  }

  @Test
  void narrowIntegersMayBePackedInAList() {
    TensorProto.Builder nibbles = proto(ElementType.INT4, 3).addInt32Data(0x8F).addInt32Data(0x07);
    assertThat(longs(read(nibbles))).containsExactly(-1L, -8L, 7L);
    TensorProto.Builder pairs = proto(ElementType.UINT2, 5).addInt32Data(0xE4).addInt32Data(0x02);
    assertThat(longs(read(pairs))).containsExactly(0L, 1L, 2L, 3L, 2L);
  }

  @Test
  void truthValuesMayBeAList() {
    assertThat(
            longs(
                read(proto(ElementType.BOOL, 3).addInt32Data(0).addInt32Data(1).addInt32Data(256))))
        .containsExactly(0L, 1L, 1L);
  }

  @Test
  void stringsAreUtf8Bytes() {
    Tensor tensor =
        read(
            proto(ElementType.STRING, 3)
                .addStringData(ByteString.copyFromUtf8("größe"))
                .addStringData(ByteString.EMPTY)
                .addStringData(ByteString.copyFromUtf8("x")));

    assertThat(((StringTensor) tensor).toArray()).containsExactly("größe", "", "x");
  }

  @Test
  void scalarsHaveNoDimensions() {
    Tensor tensor = read(proto(ElementType.FLOAT).addFloatData(3));

    assertThat(tensor.rank()).isZero();
    assertThat(tensor.doubleAt(0)).isEqualTo(3);
  }

  @Test
  void emptyTensorsNeedNoData() {
    assertThat(read(proto(ElementType.FLOAT, 3, 0)).dims()).containsExactly(3, 0);
    assertThat(read(proto(ElementType.STRING, 0)).size()).isZero();
    assertThat(read(proto(ElementType.FLOAT, 1 << 30, 1 << 30, 0)).size()).isZero();
  }

  @Test
  void emptyRawDataBesideAListIsNoData() {
    TensorProto.Builder proto = proto(ElementType.FLOAT, 1).setRawData(ByteString.EMPTY);

    assertThat(read(proto.addFloatData(4)).doubleAt(0)).isEqualTo(4);
  }

  private static void refused(TensorProto.Builder proto, String message) {
    assertThatThrownBy(() -> read(proto)).hasMessage(message);
  }

  @Test
  void rawDataMustFitTheShape() {
    refused(
        proto(ElementType.FLOAT, 2, 3).setRawData(ByteString.copyFrom(new byte[12])),
        "initializer 'w' has 12 bytes but its shape [2, 3] of float needs 24");
    refused(
        proto(ElementType.INT4, 3).setRawData(ByteString.copyFrom(new byte[3])),
        "initializer 'w' has 3 bytes but its shape [3] of int4 needs 2");
  }

  @Test
  void listsMustFitTheShape() {
    refused(
        proto(ElementType.FLOAT, 2, 3).addFloatData(1),
        "initializer 'w' has 1 values in float_data but its shape [2, 3] needs 6");
    refused(
        proto(ElementType.INT64, 1).addInt32Data(1),
        "initializer 'w' has 0 values in int64_data but its shape [1] needs 1");
    refused(
        proto(ElementType.COMPLEX64, 2).addFloatData(1).addFloatData(2),
        "initializer 'w' has 2 values in float_data but its shape [2] needs 4");
    refused(
        proto(ElementType.UINT2, 5).addInt32Data(1),
        "initializer 'w' has 1 values in int32_data but its shape [5] needs 2");
    refused(
        proto(ElementType.STRING, 2),
        "initializer 'w' has 0 values in string_data but its shape [2] needs 2");
  }

  @Test
  void shapesMustNotOverflow() {
    refused(
        proto(ElementType.FLOAT, 1 << 20, 1 << 20, 1 << 24),
        "initializer 'w' has the shape [1048576, 1048576, 16777216], more elements than an array"
            + " can hold");
    refused(
        proto(ElementType.UINT8, 1L << 40),
        "initializer 'w' has the shape [1099511627776], more elements than an array can hold");
    refused(
        proto(ElementType.COMPLEX64, 1L << 30),
        "initializer 'w' has the shape [1073741824], more elements than an array can hold");
  }

  @Test
  void bigShapesWithoutDataAllocateNothing() {
    refused(
        proto(ElementType.DOUBLE, 2_000_000_000).setRawData(ByteString.copyFrom(new byte[8])),
        "initializer 'w' has 8 bytes but its shape [2000000000] of double needs 16000000000");
  }

  @Test
  void dimensionsMustNotBeNegative() {
    refused(
        proto(ElementType.FLOAT, 2, -1),
        "initializer 'w' has a negative dimension in its shape [2, -1]");
  }

  @Test
  void elementTypesMustBeKnown() {
    refused(
        TensorProto.newBuilder().setDataType(27),
        "initializer 'w' has the element type 27, which is not known");
    refused(TensorProto.newBuilder(), "initializer 'w' has the element type 0, which is not known");
  }

  @Test
  void segmentsAreRefused() {
    refused(
        proto(ElementType.FLOAT, 1)
            .addFloatData(1)
            .setSegment(TensorProto.Segment.newBuilder().setEnd(1)),
        "initializer 'w' is split into segments, which no reader supports");
  }
}
