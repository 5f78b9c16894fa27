package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.ExternalFiles;
import io.sparkonnx.engine.ExternalFiles.ExternalFile;
import io.sparkonnx.engine.ExternalFiles.OutsideException;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.onnx.proto.StringStringEntryProto;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The files beside a model that hold data of its tensors, none outside its folder. One file is open
 * at a time.
 */
final class ExternalData implements AutoCloseable {
  private static final String OUTSIDE = " is not a path inside the model's folder";

  private final ExternalFiles files;
  private String openPath;
  private ExternalFile open;

  /**
   * @param files where the data may come from; null for nowhere
   */
  ExternalData(ExternalFiles files) {
    this.files = files;
  }

  /**
   * The bytes of one tensor.
   *
   * @param length bytes, or −1 where the model does not say
   * @param available bytes from the offset to the end of the file
   */
  record Part(ExternalFile file, String what, long offset, long length, long available) {
    /** Bytes from {@code at}, counted from the part's offset. */
    ByteBuffer piece(long at, int size) {
      try {
        return file.read(offset + at, size);
      } catch (EOFException e) {
        throw new OnnxException(
            Code.INVALID_MODEL, what + ": its external data became shorter while it was read", e);
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
      ExternalFile file = file(location, what);
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

  private ExternalFile file(String location, String what) throws IOException {
    String shown = shown(location, what);
    if (files == null) {
      throw Refusals.invalid(shown + " is needed, but there is no folder that it may come from");
    }
    String path = path(location, what);
    if (path.equals(openPath)) {
      return open;
    }
    close();
    try {
      open = path.isEmpty() ? null : files.open(path);
    } catch (OutsideException e) {
      throw new OnnxException(Code.INVALID_MODEL, shown + OUTSIDE, e);
    }
    if (open == null) {
      throw Refusals.invalid(shown + " is not in the model's folder");
    }
    openPath = path;
    return open;
  }

  private static String shown(String location, String what) {
    return what + ": external data " + Refusals.quoted(location);
  }

  /**
   * A location without empty names, {@code .} and {@code ..}; empty for the model's folder itself.
   *
   * @throws OnnxException INVALID_MODEL where it is no path or leads out of the model's folder
   */
  static String path(String location, String what) {
    if (location.chars().anyMatch(Character::isISOControl)) {
      throw Refusals.invalid(shown(location, what) + " is no file name");
    }
    List<String> names = new ArrayList<>();
    boolean inside = !location.isEmpty() && !location.startsWith("/");
    for (String name : location.split("/", -1)) {
      if (name.equals("..")) {
        inside &= !names.isEmpty();
        if (inside) {
          names.remove(names.size() - 1);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    if (!inside) {
      throw Refusals.invalid(shown(location, what) + OUTSIDE);
    }
    return String.join("/", names);
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
      openPath = null;
    }
  }
}
