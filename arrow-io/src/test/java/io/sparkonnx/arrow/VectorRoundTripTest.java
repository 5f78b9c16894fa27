package io.sparkonnx.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.arrow.column.Column;
import io.sparkonnx.arrow.read.VectorReader;
import io.sparkonnx.arrow.write.VectorWriter;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type, read to the heap and written back, row by row against Arrow's own getters. */
class VectorRoundTripTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  static Stream<Arguments> typesSizesAndNulls() {
    return RandomVectors.everyType().stream()
        .flatMap(
            field ->
                Stream.of(0, 1, 17, 4097)
                    .flatMap(
                        rows ->
                            Stream.of(0.0, 0.3, 1.0)
                                .map(nulls -> Arguments.of(field, rows, nulls))));
  }

  static List<Field> everyType() {
    return RandomVectors.everyType();
  }

  @ParameterizedTest(name = "{0} × {1}, {2} NULL")
  @MethodSource("typesSizesAndNulls")
  void readsAndWritesEveryRow(Field field, int rows, double nulls) {
    try (FieldVector vector = RandomVectors.of(field, rows, nulls, 7, allocator)) {
      Column column = VectorReader.of(vector, null).read(0, rows);
      List<Object> expected = Values.of(vector, 0, rows);
      Values.assertSame(expected, Values.of(column));

      try (FieldVector same = field.createVector(allocator)) {
        VectorWriter.write(column, same);
        assertThat(same.getValueCount()).isEqualTo(rows);
        assertThat(same.getNullCount()).isEqualTo(column.nulls().count());
        Values.assertSame(expected, Values.of(same, 0, rows));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyType")
  void writesAgainIntoTheSameVector(Field field) {
    try (FieldVector target = field.createVector(allocator)) {
      for (int rows : new int[] {300, 4097, 17}) {
        try (FieldVector vector = RandomVectors.of(field, rows, 0.2, rows, allocator)) {
          VectorWriter.write(VectorReader.of(vector, null).read(0, rows), target);
          Values.assertSame(Values.of(vector, 0, rows), Values.of(target, 0, rows));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyType")
  void choosesAFieldByItself(Field field) {
    try (FieldVector vector = RandomVectors.of(field, 33, 0.2, 5, allocator)) {
      Column column = VectorReader.of(vector, null).read(0, 33);
      try (FieldVector own = VectorWriter.write("own", column, allocator)) {
        assertThat(own.getName()).isEqualTo("own");
        assertThat(Values.of(VectorReader.of(own, null).read(0, 33))).isEqualTo(Values.of(column));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyType")
  void readsAnyRangeOfRows(Field field) {
    try (FieldVector vector = RandomVectors.of(field, 200, 0.3, 11, allocator)) {
      VectorReader reader = VectorReader.of(vector, null);
      for (int from : new int[] {1, 7, 8, 9, 63, 199, 200}) {
        for (int rows : new int[] {0, 1, 5, 130}) {
          int count = Math.min(rows, 200 - from);
          assertThat(Values.of(reader.read(from, count)))
              .as("%d rows from %d", count, from)
              .isEqualTo(Values.of(vector, from, count));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyType")
  void readsSlices(Field field) {
    try (FieldVector vector = RandomVectors.of(field, 200, 0.3, 13, allocator)) {
      for (int from : new int[] {0, 3, 8, 64}) {
        TransferPair pair = vector.getTransferPair(allocator);
        pair.splitAndTransfer(from, 101);
        try (FieldVector slice = (FieldVector) pair.getTo()) {
          assertThat(Values.of(VectorReader.of(slice, null).read(0, 101)))
              .as("from %d", from)
              .isEqualTo(Values.of(vector, from, 101));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyType")
  void gathersRowsByIndex(Field field) {
    int[] indices = {5, 5, 0, -1, 40, 2};
    try (FieldVector vector = RandomVectors.of(field, 41, 0.3, 17, allocator)) {
      List<Object> all = Values.of(vector, 0, 41);
      List<Object> gathered = Values.of(VectorReader.of(vector, null).read(0, 41).gather(indices));
      for (int i = 0; i < indices.length; i++) {
        assertThat(gathered.get(i)).isEqualTo(indices[i] < 0 ? null : all.get(indices[i]));
      }
    }
  }
}
