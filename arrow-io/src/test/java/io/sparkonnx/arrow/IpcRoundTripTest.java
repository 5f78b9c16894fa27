package io.sparkonnx.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.arrow.ipc.BatchLimits;
import io.sparkonnx.arrow.ipc.Codec;
import io.sparkonnx.arrow.ipc.IpcFile;
import io.sparkonnx.arrow.ipc.IpcStream;
import io.sparkonnx.arrow.ipc.RecordBatches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files and streams of every type and codec give back every row. */
class IpcRoundTripTest {
  private static final DictionaryProvider NO_DICTIONARIES =
      new DictionaryProvider.MapDictionaryProvider();
  private static final List<Field> TYPES = RandomVectors.everyType();

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  static Stream<Arguments> codecsAndSizes() {
    return Stream.of(Codec.values())
        .flatMap(codec -> Stream.of(0, 1, 17, 4097).map(rows -> Arguments.of(codec, rows)));
  }

  private FieldVector[] everyType(int rows) {
    return IntStream.range(0, TYPES.size())
        .mapToObj(i -> RandomVectors.of(TYPES.get(i), rows, 0.2, i, allocator))
        .toArray(FieldVector[]::new);
  }

  private static List<Field> fields(FieldVector... vectors) {
    return Stream.of(vectors).map(FieldVector::getField).toList();
  }

  private static void close(FieldVector... vectors) {
    for (FieldVector vector : vectors) {
      vector.close();
    }
  }

  private static void assertRows(FieldVector[] expected, RecordBatches batches) throws IOException {
    List<List<Object>> read = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      read.add(new ArrayList<>());
    }
    while (batches.next()) {
      for (int i = 0; i < expected.length; i++) {
        FieldVector vector = batches.root().getVector(i);
        read.get(i).addAll(Values.of(vector, 0, batches.root().getRowCount()));
      }
    }
    for (int i = 0; i < expected.length; i++) {
      Values.assertSame(Values.of(expected[i], 0, expected[i].getValueCount()), read.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("codecsAndSizes")
  void filesGiveBackEveryRow(Codec codec, int rows) throws IOException {
    FieldVector[] vectors = everyType(rows);
    byte[] bytes =
        Bytes.written(true, NO_DICTIONARIES, codec, new BatchLimits(100_000, 1000), vectors);
    try (IpcFile file = new IpcFile("memory", Bytes.file(bytes));
        RecordBatches batches = file.read(allocator)) {
      assertThat(file.schema().getFields()).isEqualTo(fields(vectors));
      assertThat(file.blocks().size() > 1).isEqualTo(rows > 1000);
      assertRows(vectors, batches);
    } finally {
      close(vectors);
    }
  }

  @ParameterizedTest
  @MethodSource("codecsAndSizes")
  void streamsGiveBackEveryRow(Codec codec, int rows) throws IOException {
    FieldVector[] vectors = everyType(rows);
    byte[] bytes =
        Bytes.written(false, NO_DICTIONARIES, codec, new BatchLimits(100_000, 1000), vectors);
    try (IpcStream stream = new IpcStream("memory", Bytes.stream(bytes), allocator)) {
      assertThat(stream.schema().getFields()).isEqualTo(fields(vectors));
      assertRows(vectors, stream);
    } finally {
      close(vectors);
    }
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void arrowsOwnReaderReadsOurFiles(Codec codec) throws IOException {
    FieldVector[] vectors = everyType(100);
    byte[] bytes = Bytes.written(true, NO_DICTIONARIES, codec, BatchLimits.DEFAULT, vectors);
    try (ArrowFileReader reader =
        new ArrowFileReader(Bytes.file(bytes), allocator, CommonsCompressionFactory.INSTANCE)) {
      assertThat(reader.loadNextBatch()).isTrue();
      for (int i = 0; i < vectors.length; i++) {
        assertThat(Values.of(reader.getVectorSchemaRoot().getVector(i), 0, 100))
            .isEqualTo(Values.of(vectors[i], 0, 100));
      }
    } finally {
      close(vectors);
    }
  }

  @Test
  void batchesStayWithinTheirBytesAndRows() throws IOException {
    FieldVector[] vectors = everyType(4097);
    byte[] bytes =
        Bytes.written(true, NO_DICTIONARIES, Codec.NONE, new BatchLimits(20_000, 512), vectors);
    try (IpcFile file = new IpcFile("memory", Bytes.file(bytes))) {
      assertThat(file.blocks()).hasSizeGreaterThan(9);
      for (ArrowBlock block : file.blocks()) {
        assertThat(block.getBodyLength()).isLessThanOrEqualTo(20_000);
      }
      long smallest =
          file.blocks().stream()
              .limit(file.blocks().size() - 1)
              .mapToLong(ArrowBlock::getBodyLength)
              .min()
              .getAsLong();
      assertThat(smallest).as("batches are filled").isGreaterThan(5_000);
    } finally {
      close(vectors);
    }
  }

  @Test
  void oneRowThatIsTooLargeIsABatchOfItsOwn() throws IOException {
    Field field = RandomVectors.field("text", ArrowType.Utf8.INSTANCE);
    try (VarCharVector vector = (VarCharVector) field.createVector(allocator)) {
      vector.allocateNew();
      for (int i = 0; i < 5; i++) {
        vector.setSafe(i, new byte[i == 2 ? 10_000 : 10]);
      }
      vector.setValueCount(5);
      byte[] bytes =
          Bytes.written(true, NO_DICTIONARIES, Codec.NONE, new BatchLimits(1000, 100), vector);
      try (IpcFile file = new IpcFile("memory", Bytes.file(bytes));
          RecordBatches batches = file.read(allocator)) {
        List<Integer> rows = new ArrayList<>();
        while (batches.next()) {
          rows.add(batches.root().getRowCount());
        }
        assertThat(rows).containsExactly(1, 1, 1, 2);
      }
    }
  }

  @Test
  void onlyChosenColumnsOfChosenBatchesAreRead() throws IOException {
    FieldVector[] vectors = everyType(100);
    byte[] bytes =
        Bytes.written(true, NO_DICTIONARIES, Codec.ZSTD, new BatchLimits(1 << 20, 10), vectors);
    MemoryChannel channel = new MemoryChannel(bytes);
    try (IpcFile file = new IpcFile("memory", channel)) {
      channel.reset();
      List<ArrowBlock> blocks = file.blocks().subList(3, 5);
      try (RecordBatches batches = file.read(List.of(2, 20), blocks, allocator)) {
        for (int from : new int[] {30, 40}) {
          assertThat(batches.next()).isTrue();
          assertThat(batches.root().getFieldVectors()).hasSize(2);
          assertThat(Values.of(batches.root().getVector(0), 0, 10))
              .isEqualTo(Values.of(vectors[2], from, 10));
          assertThat(Values.of(batches.root().getVector(1), 0, 10))
              .isEqualTo(Values.of(vectors[20], from, 10));
        }
        assertThat(batches.next()).isFalse();
      }
      long bodies = blocks.stream().mapToLong(ArrowBlock::getBodyLength).sum();
      long metadata = blocks.stream().mapToLong(ArrowBlock::getMetadataLength).sum();
      assertThat(channel.bytes() - metadata).isPositive().isLessThan(bodies / 4);
    } finally {
      close(vectors);
    }
  }

  @Test
  void aBatchOfNoColumnsStillHasRows() throws IOException {
    FieldVector[] vectors = everyType(25);
    byte[] bytes =
        Bytes.written(true, NO_DICTIONARIES, Codec.NONE, new BatchLimits(1 << 20, 10), vectors);
    try (IpcFile file = new IpcFile("memory", Bytes.file(bytes));
        RecordBatches batches = file.read(List.of(), file.blocks(), allocator)) {
      int rows = 0;
      while (batches.next()) {
        rows += batches.root().getRowCount();
      }
      assertThat(rows).isEqualTo(25);
    } finally {
      close(vectors);
    }
  }
}
