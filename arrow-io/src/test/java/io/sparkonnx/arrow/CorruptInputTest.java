package io.sparkonnx.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.arrow.ipc.BatchLimits;
import io.sparkonnx.arrow.ipc.Codec;
import io.sparkonnx.arrow.ipc.CorruptArrowException;
import io.sparkonnx.arrow.ipc.IpcFile;
import io.sparkonnx.arrow.ipc.IpcStream;
import io.sparkonnx.arrow.ipc.RecordBatches;
import io.sparkonnx.arrow.read.VectorReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged files and streams give one error that says what is wrong, and no memory is lost. */
class CorruptInputTest {
  private final BufferAllocator allocator = new RootAllocator(1L << 30);

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private byte[] sample(boolean file, Codec codec) throws IOException {
    var types = RandomVectors.everyType();
    FieldVector[] vectors =
        IntStream.range(0, types.size())
            .mapToObj(i -> RandomVectors.of(types.get(i), 40, 0.2, i, allocator))
            .toArray(FieldVector[]::new);
    try {
      return Bytes.written(
          file,
          new DictionaryProvider.MapDictionaryProvider(),
          codec,
          new BatchLimits(1 << 20, 20),
          vectors);
    } finally {
      Arrays.stream(vectors).forEach(FieldVector::close);
    }
  }

  private void readFile(byte[] bytes) throws IOException {
    try (IpcFile file = new IpcFile("x.arrow", Bytes.file(bytes));
        RecordBatches batches = file.read(allocator)) {
      readAll(batches);
    }
  }

  private void readStream(byte[] bytes) throws IOException {
    try (IpcStream stream = new IpcStream("x.arrows", Bytes.stream(bytes), allocator)) {
      readAll(stream);
    }
  }

  private static void readAll(RecordBatches batches) throws IOException {
    while (batches.next()) {
      for (FieldVector vector : batches.root().getFieldVectors()) {
        VectorReader.of(vector, batches.dictionaries()).read(0, batches.root().getRowCount());
      }
    }
  }

  @Test
  void anEmptyFileIsTooSmall() {
    assertThatThrownBy(() -> readFile(new byte[0]))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessage("x.arrow is no Arrow IPC file: 0 bytes are too few");
  }

  @Test
  void anotherFormatIsNamedByItsFirstBytes() {
    assertThatThrownBy(() -> readFile("PAR1\u0015\u0004 and a whole table PAR1".getBytes(US_ASCII)))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessage("x.arrow is no Arrow IPC file: it starts with PAR1\\x15\\x04, not with ARROW1");
  }

  @Test
  void aFileThatWasCutOffHasNoEnd() throws IOException {
    byte[] bytes = sample(true, Codec.NONE);
    assertThatThrownBy(() -> readFile(Arrays.copyOf(bytes, bytes.length - 100)))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessageMatching("x.arrow is no Arrow IPC file: it ends with .*, not with ARROW1");
  }

  @Test
  void aFooterLargerThanTheFileIsRefused() throws IOException {
    byte[] bytes = sample(true, Codec.NONE);
    bytes[bytes.length - 7] = 0x7F;
    assertThatThrownBy(() -> readFile(bytes))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessageMatching(
            "x.arrow: a footer of \\d+ bytes does not fit a file of " + bytes.length);
  }

  @Test
  void aStreamIsNoFileAndAFileNoStream() throws IOException {
    byte[] stream = sample(false, Codec.NONE);
    byte[] file = sample(true, Codec.NONE);
    assertThatThrownBy(() -> readFile(stream))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessageContaining("x.arrow is no Arrow IPC file: it starts with \\xff\\xff\\xff\\xff");
    assertThatThrownBy(() -> readStream(file))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessageContaining("x.arrows: its schema cannot be read");
  }

  @Test
  void aStreamThatWasCutOffSaysSo() throws IOException {
    byte[] bytes = sample(false, Codec.NONE);
    assertThatThrownBy(() -> readStream(Arrays.copyOf(bytes, bytes.length / 2)))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessageMatching("x.arrows: a record batch cannot be read: it ends \\d+ bytes early");
  }

  @Test
  void offsetsThatPointOutsideTheTextAreRefused() throws IOException {
    byte[] bytes;
    try (VarCharVector text = new VarCharVector("text", allocator)) {
      text.allocateNew();
      for (int i = 0; i < 4; i++) {
        text.setSafe(i, "word".getBytes(US_ASCII));
      }
      text.setValueCount(4);
      text.getOffsetBuffer().setInt(8, 1 << 30);
      bytes =
          Bytes.written(
              true,
              new DictionaryProvider.MapDictionaryProvider(),
              Codec.NONE,
              BatchLimits.DEFAULT,
              text);
    }
    assertThatThrownBy(() -> readFile(bytes))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessageMatching(
            "x.arrow: the record batch at \\d+ cannot be read:"
                + " column 'text': its offsets do not ascend from 0 to at most 16");
  }

  @Test
  void aCompressedBufferThatSaysTooMuchIsRefused() throws IOException {
    byte[] bytes;
    try (FieldVector numbers =
        RandomVectors.of(
            RandomVectors.field("n", new ArrowType.Int(64, true)), 1000, 0, 1, allocator)) {
      for (int i = 0; i < 1000; i++) {
        numbers.getDataBuffer().setLong(8L * i, i % 3);
      }
      bytes =
          Bytes.written(
              true,
              new DictionaryProvider.MapDictionaryProvider(),
              Codec.LZ4,
              BatchLimits.DEFAULT,
              numbers);
    }
    int length = indexOf(bytes, new byte[] {0x40, 0x1F, 0, 0, 0, 0, 0, 0, 4, 0x22, 0x4D, 0x18});
    bytes[length + 3] = 0x7F;
    assertThatThrownBy(() -> readFile(bytes))
        .isInstanceOf(CorruptArrowException.class)
        .hasMessageMatching(
            "x.arrow: the record batch at \\d+ cannot be read:"
                + " a compressed buffer of \\d+ bytes says that it holds \\d+");
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    return IntStream.range(0, bytes.length - wanted.length)
        .filter(i -> Arrays.equals(Arrays.copyOfRange(bytes, i, i + wanted.length), wanted))
        .findFirst()
        .getAsInt();
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void noDamageIsWorseThanAnError(Codec codec) throws IOException {
    byte[] file = sample(true, codec);
    byte[] stream = sample(false, codec);
    int failures = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      failures += fails(() -> readFile(damaged(file, random)), seed);
      failures += fails(() -> readStream(damaged(stream, random)), seed);
    }
    assertThat(failures).isGreaterThan(50);
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    for (int i = 0; i < 3; i++) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length))
        : damaged;
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static int fails(Reading reading, int seed) {
    try {
      reading.run();
      return 0;
    } catch (CorruptArrowException e) {
      assertThat(e).as("seed %d", seed).hasMessageStartingWith("x.arrow");
      return 1;
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
