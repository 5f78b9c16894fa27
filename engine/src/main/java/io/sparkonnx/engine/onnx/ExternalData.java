package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.proto.StringStringEntryProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * The files beside a model that hold data of its tensors, none outside one folder. One file is open
 * at a time.
 */
final class ExternalData implements AutoCloseable {
  /** Shorter data is read rather than mapped. */
  private static final int MAPPED_FROM = 1 << 20;

  private final Path folder;
  private String openLocation;
  private FileChannel open;

  /**
   * @param folder where the files may lie, subfolders included; null for none
   */
  ExternalData(Path folder) {
    this.folder = folder == null ? null : folder.toAbsolutePath().normalize();
  }

  /**
   * The bytes of one tensor.
   *
   * @param length bytes, or −1 where the model does not say
   * @param available bytes from the offset to the end of the file
   */
  record Part(FileChannel file, String what, long offset, long length, long available) {
    /** Bytes from {@code at}, counted from the part's offset. */
    ByteBuffer piece(long at, int size) {
      try {
        if (size >= MAPPED_FROM) {
          return file.map(MapMode.READ_ONLY, offset + at, size);
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining()) {
          if (file.read(bytes, offset + at + bytes.position()) < 0) {
            throw Refusals.invalid(what + ": its external data became shorter while it was read");
          }
        }
        return bytes.flip();
      } catch (IOException e) {
        throw unreadable(what, e);
      }
    }
  }

  /**
   * @throws OnnxException INVALID_MODEL where the entries name no data inside the folder or more
   *     than the file has
   */
  Part open(List<StringStringEntryProto> entries, String what) {
    String location = "";
    long offset = 0;
    long length = -1;
    for (StringStringEntryProto entry : entries) {
      switch (entry.getKey()) {
        case "location" -> location = entry.getValue();
        case "offset" -> offset = number(entry, what);
        case "length" -> length = number(entry, what);
        default -> {}
      }
    }
    try {
      FileChannel file = channel(location, what);
      long size = file.size();
      if (offset > size || Math.max(length, 0) > size - offset) {
        throw Refusals.invalid(
            String.format(
                Locale.ROOT,
                "%s: external data %s has %d bytes, but %d from byte %d are needed",
                what,
                Refusals.quoted(location),
                size,
                Math.max(length, 0),
                offset));
      }
      return new Part(file, what, offset, length, size - offset);
    } catch (IOException e) {
      throw unreadable(what, e);
    }
  }

  private FileChannel channel(String location, String what) throws IOException {
    if (location.equals(openLocation)) {
      return open;
    }
    Path file = resolve(location, what);
    close();
    open = FileChannel.open(file, StandardOpenOption.READ);
    openLocation = location;
    return open;
  }

  private Path resolve(String location, String what) throws IOException {
    String shown = what + ": external data " + Refusals.quoted(location);
    if (folder == null) {
      throw Refusals.invalid(shown + " is needed, but there is no folder that it may come from");
    }
    Path relative;
    try {
      relative = Path.of(location);
    } catch (InvalidPathException e) {
      throw new OnnxException(Code.INVALID_MODEL, shown + " is no file name", e);
    }
    Path file = folder.resolve(relative).normalize();
    if (location.isEmpty() || relative.isAbsolute() || !file.startsWith(folder)) {
      throw outside(shown);
    }
    if (!Files.isRegularFile(file)) {
      throw Refusals.invalid(shown + " is not in the model's folder");
    }
    Path real = file.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw outside(shown);
    }
    return real;
  }

  private static OnnxException outside(String shown) {
    return Refusals.invalid(shown + " is not a path inside the model's folder");
  }

  private static OnnxException unreadable(String what, IOException e) {
    return new OnnxException(
        Code.MODEL_NOT_READABLE, what + ": external data cannot be read: " + e.getMessage(), e);
  }

  private static long number(StringStringEntryProto entry, String what) {
    String value = entry.getValue();
    long number = -1;
    if (value.matches("\\d{1,18}")) {
      number = Long.parseLong(value);
    }
    if (number < 0) {
      throw Refusals.invalid(
          what + ": " + entry.getKey() + " of external data is " + Refusals.quoted(value));
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
      openLocation = null;
    }
  }
}
