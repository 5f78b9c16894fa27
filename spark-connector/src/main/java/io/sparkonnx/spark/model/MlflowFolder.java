package io.sparkonnx.spark.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Folders that MLflow saves models in. */
final class MlflowFolder {
  /** The file that describes a folder. */
  static final String DESCRIPTION = "MLmodel";

  private static final int MAX_BYTES = 1 << 20;
  private static final YAMLMapper YAML = new YAMLMapper();

  private MlflowFolder() {}

  /**
   * The file of the ONNX flavour.
   *
   * @param location of the folder as it is written, for messages
   */
  static ModelFile model(ModelFile description, String location, ModelAccess access)
      throws IOException {
    JsonNode flavours = read(description, location, access).path("flavors");
    JsonNode data = flavours.path("onnx").path("data");
    if (!flavours.has("onnx")) {
      List<String> others = new ArrayList<>();
      flavours.fieldNames().forEachRemaining(others::add);
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "model " + location + " has no ONNX flavour in its MLmodel, only " + others);
    }
    if (!data.isTextual()) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "model " + location + ": the ONNX flavour in its MLmodel names no data file");
    }
    return description.beside(RelativePath.plain(data.asText(), "data of the ONNX flavour"));
  }

  private static JsonNode read(ModelFile description, String location, ModelAccess access)
      throws IOException {
    PiecedBytes.Limit limit =
        new PiecedBytes.Limit(description.location(), MAX_BYTES, access.pieceBytes());
    try {
      return YAML.readTree(FileStates.read(description, limit).bytes().joined());
    } catch (JsonProcessingException e) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "model " + location + ": its MLmodel is no YAML: " + e.getOriginalMessage(),
          e);
    } catch (FileNotFoundException e) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "model " + location + " is a folder without an " + DESCRIPTION + " file",
          e);
    }
  }
}
