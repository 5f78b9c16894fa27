package io.sparkonnx.engine.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** The bytes of a file, and what they look like where they are no model. */
final class ModelFile {
  /** Smaller files are read rather than mapped. */
  private static final int MAPPED_FROM = 1 << 20;

  private static final int HEAD_BYTES = 512;

  private ModelFile() {}

  /**
   * @throws OnnxException MODEL_NOT_READABLE, or INVALID_MODEL for more than 2 GB, which no message
   *     can have
   */
  static ByteBuffer open(Path file) {
    if (!Files.exists(file)) {
      throw new OnnxException(Code.MODEL_NOT_READABLE, "there is no file '" + file + "'");
    }
    if (!Files.isRegularFile(file)) {
      throw new OnnxException(Code.MODEL_NOT_READABLE, "'" + file + "' is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw Refusals.notAModel(
            String.format(
                Locale.ROOT,
                "it has %d bytes, and a model of more than 2 GB keeps its data in other files",
                size));
      }
      if (size >= MAPPED_FROM) {
        return channel.map(MapMode.READ_ONLY, 0, size);
      }
      return ByteBuffer.wrap(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE, "'" + file + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /** The refusal of a file that is no model; one that looks like something else says so. */
  static OnnxException explained(ByteBuffer file, OnnxException refusal) {
    if (refusal.code() != Code.INVALID_MODEL) {
      return refusal;
    }
    byte[] head = new byte[Math.min(HEAD_BYTES, file.limit())];
    file.get(0, head);
    String text = new String(head, UTF_8);
    if (text.startsWith("version https://git-lfs")) {
      return Refusals.notAModel("it is a Git LFS pointer, not the file that it points to");
    }
    if (text.startsWith("PK\3\4")) {
      return Refusals.notAModel("it looks like a zip archive");
    }
    if (looksLikeText(text)) {
      int shown = Math.min(text.length(), 40);
      return Refusals.notAModel("it looks like text: " + Refusals.quoted(text.substring(0, shown)));
    }
    return Refusals.notAModel(refusal.getMessage());
  }

  private static boolean looksLikeText(String text) {
    return text.chars().allMatch(c -> c == '\t' || c == '\n' || c == '\r' || c >= ' ')
        && text.chars().limit(Math.max(0, text.length() - 3L)).noneMatch(c -> c == 0xFFFD);
  }
}
