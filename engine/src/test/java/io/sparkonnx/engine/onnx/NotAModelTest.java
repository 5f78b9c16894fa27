package io.sparkonnx.engine.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no models, or cannot be read: one clear line each. */
class NotAModelTest {
  private static OnnxException refusal(byte[] bytes) {
    OnnxException refusal =
        catchThrowableOfType(
            OnnxException.class,
            () -> ModelReader.read(bytes, AnyOperator.table(), LoadOptions.DEFAULT));
    assertThat(refusal).as("nothing was refused").isNotNull();
    assertThat(refusal.code()).isEqualTo(Code.INVALID_MODEL);
    return refusal;
  }

  private static String message(byte[] bytes) {
    return refusal(bytes).getMessage();
  }

  private static ModelBuilder relu() {
    return ModelBuilder.opset(13)
        .input("x", ElementType.FLOAT, 2, 3)
        .node("Relu", List.of("x"), List.of("y"))
        .named("act")
        .output("y", ElementType.FLOAT, 2, 3);
  }

  @Test
  void emptyFile() {
    assertThat(message(new byte[0])).isEqualTo("not an ONNX model: it is empty");
  }

  @Test
  void textFile() {
    assertThat(message("hello,\n\"world\"; this is a CSV file of no use".getBytes(UTF_8)))
        .isEqualTo(
            "not an ONNX model: it looks like text: 'hello,?\"world\"; this is a CSV file of no'");
  }

  @Test
  void shortTextFile() {
    assertThat(message("a".getBytes(UTF_8)))
        .isEqualTo("not an ONNX model: it looks like text: 'a'");
  }

  @Test
  void textThatIsNotEnglish() {
    assertThat(message("größer ".repeat(200).getBytes(UTF_8)))
        .startsWith("not an ONNX model: it looks like text: 'größer ");
  }

  @Test
  void gitLfsPointer() {
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";

    assertThat(message(pointer.getBytes(UTF_8)))
        .isEqualTo("not an ONNX model: it is a Git LFS pointer, not the file that it points to");
  }

  @Test
  void zipArchive() {
    byte[] bytes = Arrays.copyOf("PK\3\4".getBytes(UTF_8), 100);

    assertThat(message(bytes)).isEqualTo("not an ONNX model: it looks like a zip archive");
  }

  @Test
  void randomBytes() {
    byte[] bytes = new byte[4097];
    new Random(7).nextBytes(bytes);

    assertThat(message(bytes)).startsWith("not an ONNX model: ");
  }

  @Test
  void truncatedWithinTheGraph() {
    byte[] bytes = relu().bytes();
    int end = 4 + relu().graphProto().getSerializedSize();
    for (int length = 1; length < end; length++) {
      assertThat(message(Arrays.copyOf(bytes, length)))
          .as("cut after %d of %d bytes", length, bytes.length)
          .startsWith("not an ONNX model: ");
    }
  }

  @Test
  void truncatedFileSaysHowMuchIsMissing() {
    byte[] bytes = relu().bytes();

    assertThat(message(Arrays.copyOf(bytes, 30)))
        .matches(
            "not an ONNX model: the field at byte 2 declares \\d+ bytes, but 26 are left; the file"
                + " may be cut off");
  }

  @Test
  void gigabytesThatAreNotThere() {
    byte[] bytes = {0x3A, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10, 1, 2};

    assertThat(message(bytes))
        .isEqualTo(
            "not an ONNX model: the field at byte 0 declares 4294967296 bytes, but 2 are left; the"
                + " file may be cut off");
  }

  @Test
  void messageWithoutGraph() {
    assertThat(message(new byte[] {8, 7})).isEqualTo("not an ONNX model: it has no graph");
  }

  @Test
  void endOfGroup() {
    assertThat(message(new byte[] {0x0C, 0x0C}))
        .isEqualTo("not an ONNX model: no field starts at byte 0");
  }

  @Test
  void missingFile(@TempDir Path folder) {
    Path file = folder.resolve("absent.onnx");
    OnnxException refusal =
        catchThrowableOfType(
            OnnxException.class,
            () -> ModelReader.read(file, AnyOperator.table(), LoadOptions.DEFAULT));

    assertThat(refusal).hasMessage("there is no file '" + file + "'");
    assertThat(refusal.code()).isEqualTo(Code.MODEL_NOT_READABLE);
  }

  @Test
  void folder(@TempDir Path folder) {
    OnnxException refusal =
        catchThrowableOfType(
            OnnxException.class,
            () -> ModelReader.read(folder, AnyOperator.table(), LoadOptions.DEFAULT));

    assertThat(refusal).hasMessage("'" + folder + "' is not a regular file");
  }

  @Test
  void textFileByPath(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("m.onnx"), "<html><body>404</body></html>");
    OnnxException refusal =
        catchThrowableOfType(
            OnnxException.class,
            () -> ModelReader.read(file, AnyOperator.table(), LoadOptions.DEFAULT));

    assertThat(refusal)
        .hasMessage("not an ONNX model: it looks like text: '<html><body>404</body></html>'");
  }
}
