package io.sparkonnx.spark.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.spark.OnnxConf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The list of models in a mirror of the ONNX model zoo. */
final class ZooManifest {
  private static final String FILE = "ONNX_HUB_MANIFEST.json";
  private static final int MAX_BYTES = 64 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ModelFile file;
  private final List<Entry> entries;

  /** A model with the hash that its file must have. */
  record Entry(String name, int opset, String path, String sha256) {}

  private ZooManifest(ModelFile file, List<Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /** The manifest of the session's mirror as it is now. */
  static ZooManifest read(ModelAccess access) throws IOException {
    String mirror = access.settings().zooMirror();
    if (mirror == null) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "models of the zoo need a mirror: "
              + OnnxConf.ZOO_MIRROR
              + " names no folder with an "
              + FILE);
    }
    String location = (mirror.endsWith("/") ? mirror : mirror + "/") + FILE;
    try {
      ModelFile file = ModelFile.at(location, access);
      PiecedBytes.Limit limit = new PiecedBytes.Limit(location, MAX_BYTES, access.pieceBytes());
      return new ZooManifest(
          file, entries(FileStates.read(file, limit).bytes().joined(), location));
    } catch (IOException e) {
      throw FileStates.notReadable("the zoo's manifest " + location, e);
    }
  }

  private static List<Entry> entries(byte[] bytes, String location) {
    List<Entry> entries = new ArrayList<>();
    JsonNode root;
    try {
      root = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw invalid(location, e.getOriginalMessage());
    } catch (IOException e) {
      throw invalid(location, e.getMessage());
    }
    if (!root.isArray()) {
      throw invalid(location, "it is no list of models");
    }
    for (JsonNode model : root) {
      entries.add(
          new Entry(
              model.path("model").asText(),
              model.path("opset_version").asInt(),
              model.path("model_path").asText(),
              model.path("metadata").path("model_sha").asText()));
    }
    return entries;
  }

  private static OnnxException invalid(String location, String why) {
    return new OnnxException(
        Code.MODEL_NOT_READABLE, "the zoo's manifest " + location + " is invalid: " + why);
  }

  /** The entry of a name in any case; the newest where no opset is asked for. */
  Entry find(ZooName name) {
    List<Entry> named =
        entries.stream().filter(entry -> entry.name().equalsIgnoreCase(name.name())).toList();
    if (named.isEmpty()) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "the zoo's manifest " + file.location() + " has no model '" + name.name() + "'");
    }
    Entry entry =
        named.stream()
            .filter(candidate -> name.opset() == null || candidate.opset() == name.opset())
            .max(Comparator.comparingInt(Entry::opset))
            .orElseThrow(() -> otherOpsets(name, named));
    return new Entry(entry.name(), entry.opset(), entry.path(), hash(entry));
  }

  private static OnnxException otherOpsets(ZooName name, List<Entry> named) {
    return new OnnxException(
        Code.MODEL_NOT_READABLE,
        "the zoo has model '"
            + name.name()
            + "' for opset "
            + named.stream().map(e -> String.valueOf(e.opset())).collect(Collectors.joining(", "))
            + ", not for "
            + name.opset());
  }

  private String hash(Entry entry) {
    try {
      return ModelName.hash(entry.sha256());
    } catch (OnnxException e) {
      throw invalid(file.location(), "model_sha of '" + entry.name() + "': " + e.getMessage());
    }
  }

  /** The file of an entry, in the manifest's folder or below. */
  ModelFile file(Entry entry) throws IOException {
    return file.beside(RelativePath.plain(entry.path(), "model_path of '" + entry.name() + "'"));
  }
}
