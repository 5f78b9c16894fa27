package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.spark.model.PiecedBytes.Limit;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiecedBytesTest {
  private static final int PIECE = 1000;
  private static final Limit LIMIT = new Limit("model m", 1 << 20, PIECE);

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static PiecedBytes pieced(byte[] bytes, boolean announced) throws IOException {
    return PiecedBytes.read(new ByteArrayInputStream(bytes), announced ? bytes.length : -1, LIMIT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1000, 1001, 2000, 70_000, 123_456})
  void aStreamIsReadWhetherItsLengthIsKnownOrNot(int size) throws IOException {
    byte[] bytes = random(size);
    for (boolean announced : new boolean[] {true, false}) {
      PiecedBytes pieced = pieced(bytes, announced);
      assertThat(pieced.size()).isEqualTo(size);
      assertThat(pieced.joined()).isEqualTo(bytes);
      assertThat(pieced.pieces()).hasSize((size + PIECE - 1) / PIECE);
      assertThat(pieced.sha256()).isEqualTo(new PiecedBytes(java.util.List.of(bytes)).sha256());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 998, 999, 1000, 1500, 3998})
  void partsAreReadWithinAndAcrossPieces(int offset) throws IOException {
    byte[] bytes = random(5000);
    for (int size : new int[] {0, 1, 2, 1000, 1002}) {
      ByteBuffer part = pieced(bytes, true).read(offset, size);
      byte[] read = new byte[part.remaining()];
      part.get(read);
      assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + size));
    }
  }

  @Test
  void moreThanTwoGigabytesAreReadable() throws IOException {
    byte[] piece = random(1 << 20);
    PiecedBytes large = new PiecedBytes(Collections.nCopies(3000, piece));
    assertThat(large.size()).isEqualTo(3000L << 20);
    ByteBuffer part = large.read((2500L << 20) - 2, 4);
    assertThat(part.get(0)).isEqualTo(piece[piece.length - 2]);
    assertThat(part.get(3)).isEqualTo(piece[1]);
    assertThatThrownBy(large::joined)
        .isInstanceOf(OnnxException.class)
        .hasMessage(
            "it has 3145728000 bytes, and a model of more than 2 GB keeps its data in other files");
  }

  @Test
  void nothingIsReadBehindTheEnd() throws IOException {
    PiecedBytes bytes = pieced(random(10), true);
    assertThatThrownBy(() -> bytes.read(8, 3)).isInstanceOf(EOFException.class);
  }

  @Test
  void aStreamThatEndsEarlyIsRefused() {
    assertThatThrownBy(() -> PiecedBytes.read(new ByteArrayInputStream(random(70)), 100, LIMIT))
        .isInstanceOf(EOFException.class)
        .hasMessage("it has fewer bytes than the 100 announced");
  }

  @Test
  void aStreamOfTooManyBytesIsRefusedAnnouncedOrNot() {
    String message = "model m has more than the 1048576 bytes that are allowed";
    byte[] bytes = random((1 << 20) + 1);
    assertThatThrownBy(() -> pieced(bytes, true)).hasMessage(message);
    assertThatThrownBy(() -> pieced(bytes, false)).hasMessage(message);
  }
}
