package io.sparkonnx.spark.model;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The states of files that the driver has seen last. A file is read again when its tag has changed;
 * its bytes are kept as long as memory allows.
 */
final class FileStates {
  private static final int REMEMBERED = 1024;

  private static final Map<String, FileState> LAST = remembering(REMEMBERED);

  private FileStates() {}

  /** A map that forgets what was used longest ago. */
  static <K, V> Map<K, V> remembering(int entries) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > entries;
      }
    };
  }

  /**
   * One state of a file.
   *
   * @param tag of the state; null where only the bytes tell
   * @param sha256 of the bytes
   * @param size in bytes
   * @param bytes as long as memory allows
   */
  record FileState(String tag, String sha256, long size, SoftReference<PiecedBytes> bytes) {}

  /** A state and its bytes. */
  record Read(FileState state, PiecedBytes bytes) {}

  /** The state of a file now. */
  static FileState current(ModelFile file, PiecedBytes.Limit limit) throws IOException {
    FileState last = last(file);
    ModelFile.Content content = file.read(last == null ? null : last.tag(), limit);
    if (content == null) {
      limit.check(last.size());
      return last;
    }
    return remember(file, content).state();
  }

  /** The state that a file was last seen in, if its bytes had this hash; or null. */
  static FileState known(ModelFile file, String sha256) {
    FileState last = last(file);
    return last != null && last.sha256().equals(sha256) ? last : null;
  }

  /** The bytes of a file as it is now. */
  static Read read(ModelFile file, PiecedBytes.Limit limit) throws IOException {
    FileState now = current(file, limit);
    PiecedBytes bytes = now.bytes().get();
    return bytes != null ? new Read(now, bytes) : remember(file, file.read(null, limit));
  }

  private static FileState last(ModelFile file) {
    synchronized (LAST) {
      return LAST.get(file.location());
    }
  }

  private static Read remember(ModelFile file, ModelFile.Content content) {
    PiecedBytes bytes = content.bytes();
    FileState state =
        new FileState(content.tag(), bytes.sha256(), bytes.size(), new SoftReference<>(bytes));
    synchronized (LAST) {
      LAST.put(file.location(), state);
    }
    return new Read(state, bytes);
  }

  /** The refusal of a file that could not be read. */
  static OnnxException notReadable(String what, Exception cause) {
    String why =
        cause instanceof FileNotFoundException
            ? what + " does not exist"
            : what + " cannot be read: " + cause.getMessage();
    return new OnnxException(Code.MODEL_NOT_READABLE, why, cause);
  }
}
