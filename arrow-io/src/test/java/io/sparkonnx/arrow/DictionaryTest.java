package io.sparkonnx.arrow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.ipc.BatchLimits;
import io.sparkonnx.arrow.ipc.Codec;
import io.sparkonnx.arrow.ipc.IpcFile;
import io.sparkonnx.arrow.ipc.IpcStream;
import io.sparkonnx.arrow.ipc.RecordBatches;
import io.sparkonnx.arrow.read.VectorReader;
import io.sparkonnx.engine.OnnxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.DictionaryUtility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Columns whose values are kept once in a dictionary. */
class DictionaryTest {
  private static final List<Object> EXPECTED =
      Arrays.asList("rot", "blau", null, "rot", null, latin1OfUtf8("grün"));

  private static String latin1OfUtf8(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private final BufferAllocator allocator = new RootAllocator();
  private final DictionaryEncoding encoding =
      new DictionaryEncoding(3, false, new ArrowType.Int(8, false));
  private final MapDictionaryProvider provider = new MapDictionaryProvider();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private VarCharVector colours(String... names) {
    VarCharVector colours = new VarCharVector("colours", allocator);
    colours.allocateNew();
    for (int i = 0; i < names.length; i++) {
      if (names[i] != null) {
        colours.setSafe(i, names[i].getBytes(UTF_8));
      }
    }
    colours.setValueCount(names.length);
    return colours;
  }

  private UInt1Vector encoded(int... indices) {
    FieldType type = new FieldType(true, encoding.getIndexType(), encoding);
    UInt1Vector vector = (UInt1Vector) new Field("c", type, null).createVector(allocator);
    vector.allocateNew(indices.length);
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] >= 0) {
        vector.setSafe(i, indices[i]);
      } else {
        vector.setNull(i);
      }
    }
    vector.setValueCount(indices.length);
    return vector;
  }

  @Test
  void rowsAreTheDictionarysValues() {
    try (VarCharVector colours = colours("rot", "grün", "blau", null);
        UInt1Vector vector = encoded(0, 2, -1, 0, 3, 1)) {
      provider.put(new Dictionary(colours, encoding));
      VectorReader reader = VectorReader.of(vector, provider);
      assertThat(Values.of(reader.read(0, 6))).isEqualTo(EXPECTED);
      assertThat(Values.of(reader.read(2, 3))).isEqualTo(EXPECTED.subList(2, 5));
    }
  }

  @Test
  void anIndexOutsideTheDictionaryIsNamed() {
    try (VarCharVector colours = colours("rot", "blau");
        UInt1Vector vector = encoded(0, 1, 200)) {
      provider.put(new Dictionary(colours, encoding));
      assertThatThrownBy(() -> VectorReader.of(vector, provider).read(1, 2))
          .isInstanceOf(OnnxException.class)
          .hasMessage("column 'c', row 2: index 200, but the dictionary has 2 values");
    }
  }

  @Test
  void aMissingDictionaryIsNamed() {
    try (UInt1Vector vector = encoded(0)) {
      assertThatThrownBy(() -> VectorReader.of(vector, null))
          .isInstanceOf(OnnxException.class)
          .hasMessage("column 'c': its dictionary 3 is missing");
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void filesKeepTheDictionary(Codec codec) throws IOException {
    try (VarCharVector colours = colours("rot", "grün", "blau", null);
        IntVector other = new IntVector("other", allocator);
        UInt1Vector vector = encoded(0, 2, -1, 0, 3, 1)) {
      other.allocateNew(6);
      other.setValueCount(6);
      provider.put(new Dictionary(colours, encoding));
      byte[] bytes =
          Bytes.written(true, provider, codec, new BatchLimits(1 << 20, 4), other, vector);
      try (IpcFile file = new IpcFile("memory", Bytes.file(bytes))) {
        assertThat(file.schema().findField("c").getType()).isEqualTo(ArrowType.Utf8.INSTANCE);
        try (RecordBatches batches = file.read(List.of(1), file.blocks(), allocator)) {
          assertThat(rows(batches)).isEqualTo(EXPECTED);
        }
        try (RecordBatches batches = file.read(List.of(0), file.blocks(), allocator)) {
          assertThat(batches.dictionaries().getDictionaryIds()).isEmpty();
          assertThat(batches.next()).isTrue();
        }
      }
    }
  }

  @Test
  void streamsKeepTheDictionary() throws IOException {
    try (VarCharVector colours = colours("rot", "grün", "blau", null);
        UInt1Vector vector = encoded(0, 2, -1, 0, 3, 1)) {
      provider.put(new Dictionary(colours, encoding));
      byte[] bytes = Bytes.written(false, provider, Codec.LZ4, new BatchLimits(1 << 20, 4), vector);
      try (IpcStream stream = new IpcStream("memory", Bytes.stream(bytes), allocator)) {
        assertThat(rows(stream)).isEqualTo(EXPECTED);
      }
    }
  }

  @Test
  void aDeltaExtendsTheDictionary() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (VarCharVector colours = colours("rot", "grün");
        VarCharVector more = colours("blau", null);
        UInt1Vector vector = encoded(0, 2, -1, 0, 3, 1)) {
      provider.put(new Dictionary(colours, encoding));
      Field field = DictionaryUtility.toMessageFormat(vector.getField(), provider, new HashSet<>());
      WriteChannel out = new WriteChannel(Channels.newChannel(bytes));
      MessageSerializer.serialize(out, new Schema(List.of(field)));
      for (VarCharVector part : List.of(colours, more)) {
        try (ArrowDictionaryBatch batch =
            new ArrowDictionaryBatch(3, unloaded(part), part == more)) {
          MessageSerializer.serialize(out, batch);
        }
      }
      try (ArrowRecordBatch batch = unloaded(vector)) {
        MessageSerializer.serialize(out, batch);
      }
    }
    try (IpcStream stream = new IpcStream("memory", Bytes.stream(bytes.toByteArray()), allocator)) {
      assertThat(rows(stream)).isEqualTo(EXPECTED);
    }
  }

  private static ArrowRecordBatch unloaded(FieldVector vector) {
    return new VectorUnloader(Bytes.root(vector)).getRecordBatch();
  }

  @Test
  void dictionariesOfListsAreGathered() {
    Field list = RandomVectors.everyType().get(19);
    try (FieldVector lists = RandomVectors.of(list, 4, 0.3, 3, allocator);
        UInt1Vector vector = encoded(3, -1, 0, 3, 2)) {
      provider.put(new Dictionary(lists, encoding));
      List<Object> values = Values.of(lists, 0, 4);
      Column read = VectorReader.of(vector, provider).read(0, 5);
      assertThat(Values.of(read))
          .isEqualTo(
              Arrays.asList(values.get(3), null, values.get(0), values.get(3), values.get(2)));
    }
  }

  private static List<Object> rows(RecordBatches batches) throws IOException {
    List<Object> rows = new ArrayList<>();
    VectorReader reader = VectorReader.of(batches.root().getVector(0), batches.dictionaries());
    while (batches.next()) {
      rows.addAll(Values.of(reader.read(0, batches.root().getRowCount())));
    }
    return rows;
  }
}
