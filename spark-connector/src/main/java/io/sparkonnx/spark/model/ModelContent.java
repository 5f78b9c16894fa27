package io.sparkonnx.spark.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.model.FileStates.FileState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The files of a model in one state: its own and those of its external data.
 *
 * @param location of the model as it is written, for messages
 * @param parts the model's file, then the data files in the order of their paths
 * @param sha256 hash of it all, as in {@link ModelReference}
 */
record ModelContent(String location, List<Part> parts, String sha256) {
  private static final Map<String, List<String>> EXTERNAL_FILES = FileStates.remembering(1024);

  /**
   * @param path relative to the model's folder; empty for the model's file
   */
  record Part(String path, ModelFile file, FileState state) {}

  /**
   * The files of a model as they are now.
   *
   * @throws OnnxException MODEL_NOT_READABLE or LIMIT_EXCEEDED, or what the engine refuses
   */
  static ModelContent current(String location, ModelResolver.Found found, ModelAccess access) {
    String what = "model " + location;
    ModelFile main = found.file();
    List<Part> parts = new ArrayList<>();
    try {
      FileState state = found.sha256() == null ? null : FileStates.known(main, found.sha256());
      if (state == null) {
        state = FileStates.current(main, limit(what, parts, access));
      }
      found.check(location, state.sha256());
      parts.add(new Part("", main, state));
    } catch (IOException e) {
      throw FileStates.notReadable(what, e);
    }
    for (String path : externalFiles(what, parts.get(0), access)) {
      try {
        ModelFile file = main.beside(path);
        parts.add(new Part(path, file, FileStates.current(file, limit(what, parts, access))));
      } catch (IOException e) {
        throw FileStates.notReadable("external data " + path + " of " + what, e);
      }
    }
    return new ModelContent(location, List.copyOf(parts), sha256(parts));
  }

  private static PiecedBytes.Limit limit(String what, List<Part> parts, ModelAccess access) {
    long read = parts.stream().mapToLong(part -> part.state().size()).sum();
    return new PiecedBytes.Limit(
        what + " (" + OnnxConf.MAX_MODEL_BYTES + " or the heap)",
        access.maxBytes() - read,
        access.pieceBytes());
  }

  private static List<String> externalFiles(String what, Part main, ModelAccess access) {
    List<String> known;
    synchronized (EXTERNAL_FILES) {
      known = EXTERNAL_FILES.get(main.state().sha256());
    }
    if (known == null) {
      byte[] bytes = bytes(what, main, access).joined();
      known = Model.externalFiles(bytes, LoadOptions.DEFAULT);
      synchronized (EXTERNAL_FILES) {
        EXTERNAL_FILES.put(main.state().sha256(), known);
      }
    }
    return known;
  }

  private static String sha256(List<Part> parts) {
    if (parts.size() == 1) {
      return parts.get(0).state().sha256();
    }
    StringBuilder lines = new StringBuilder();
    for (Part part : parts) {
      String name = part.path().isEmpty() ? "-" : part.path();
      lines.append(part.state().sha256()).append("  ").append(name).append('\n');
    }
    byte[] digest = PiecedBytes.newSha256().digest(lines.toString().getBytes(UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  /** What the hash is over, for messages. */
  String hashed() {
    int data = parts.size() - 1;
    return data == 0
        ? ""
        : " over its file and " + data + (data == 1 ? " data file" : " data files");
  }

  /**
   * The bytes of all files in the order of the parts, read again where memory has lost them.
   *
   * @throws OnnxException MODEL_NOT_READABLE if they are no longer as they were
   */
  Map<String, PiecedBytes> bytes(ModelAccess access) {
    Map<String, PiecedBytes> files = new LinkedHashMap<>();
    for (Part part : parts) {
      files.put(part.path(), bytes("model " + location, part, access));
    }
    return files;
  }

  private static PiecedBytes bytes(String model, Part part, ModelAccess access) {
    PiecedBytes kept = part.state().bytes().get();
    if (kept != null) {
      return kept;
    }
    String what = part.path().isEmpty() ? model : "external data " + part.path() + " of " + model;
    try {
      FileStates.Read read = FileStates.read(part.file(), limit(what, List.of(), access));
      if (!read.state().sha256().equals(part.state().sha256())) {
        throw new OnnxException(
            Code.MODEL_NOT_READABLE,
            what
                + " has changed since the query was analyzed: it has SHA-256 "
                + read.state().sha256()
                + ", but had "
                + part.state().sha256());
      }
      return read.bytes();
    } catch (IOException e) {
      throw FileStates.notReadable(what, e);
    }
  }

  /**
   * Loads files of a model: its own under the empty path, data under theirs.
   *
   * @throws OnnxException as {@link Model#load}, and LIMIT_EXCEEDED where the heap has no room
   */
  static Model load(Map<String, PiecedBytes> files, ModelForm form) {
    LoadOptions options = form.options().withExternalData(files::get);
    try {
      return Model.load(files.get("").joined(), options);
    } catch (OutOfMemoryError e) {
      // Without it as the cause, for which Spark would end the executor.
      throw new OnnxException(
          Code.LIMIT_EXCEEDED,
          String.format(
              Locale.ROOT,
              "the model, whose files have %,d bytes, does not fit into what is free of a heap of"
                  + " %,d bytes (spark.driver.memory, spark.executor.memory); loading takes up to"
                  + " three times its bytes",
              files.values().stream().mapToLong(PiecedBytes::size).sum(),
              Runtime.getRuntime().maxMemory()));
    }
  }
}
