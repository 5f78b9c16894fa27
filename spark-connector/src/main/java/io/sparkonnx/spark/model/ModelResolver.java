package io.sparkonnx.spark.model;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.spark.OnnxConf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the file that a name means: a short name through the session's settings, a name of the
 * model zoo through its manifest, a folder of MLflow through its description.
 */
final class ModelResolver {
  private static final String ROOTS =
      OnnxConf.MODEL_ROOTS.substring(OnnxConf.MODEL_PREFIX.length());

  private final ModelAccess access;
  private final List<Pin> pins = new ArrayList<>();

  private ModelResolver(ModelAccess access) {
    this.access = access;
  }

  /** A hash that the whole model must have, and who says so. */
  record Pin(String sha256, String by) {}

  /**
   * @param file the model's file
   * @param sha256 the hash that the file alone must have; null for any
   * @param pins hashes that the model must have
   */
  record Found(ModelFile file, String sha256, List<Pin> pins) {
    /** Checks the hash of the file alone. */
    void check(String location, String actual) {
      if (sha256 != null && !sha256.equals(actual)) {
        throw mismatch(location, actual, "", sha256, "the zoo's manifest");
      }
    }

    /** Checks the hash of the model. */
    void check(ModelContent content) {
      for (Pin pin : pins) {
        if (!pin.sha256().equals(content.sha256())) {
          throw mismatch(
              content.location(), content.sha256(), content.hashed(), pin.sha256(), pin.by());
        }
      }
    }
  }

  static OnnxException mismatch(
      String location, String actual, String over, String asked, String by) {
    return new OnnxException(
        Code.MODEL_NOT_READABLE,
        "model "
            + location
            + " has SHA-256 "
            + actual
            + over
            + ", but "
            + asked
            + " is asked for by "
            + by);
  }

  /**
   * @param pinned a hash that comes apart from the location; null for none
   * @throws OnnxException MODEL_NOT_READABLE
   */
  static Found find(String written, String pinned, ModelAccess access) {
    ModelResolver resolver = new ModelResolver(access);
    if (pinned != null) {
      resolver.pins.add(new Pin(ModelName.hash(pinned), "the call"));
    }
    ModelName name = resolver.pinned(ModelName.parse(written), "the call");
    if (name.isShort()) {
      name = resolver.named(name.location());
    }
    try {
      return resolver.find(name.location());
    } catch (IOException | IllegalArgumentException e) {
      throw FileStates.notReadable("model " + written, e);
    }
  }

  private ModelName pinned(ModelName name, String by) {
    if (name.sha256() != null) {
      pins.add(new Pin(name.sha256(), by));
    }
    return name;
  }

  private ModelName named(String name) {
    String key = OnnxConf.MODEL_PREFIX + name;
    if (name.equals(ROOTS)) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "a model cannot be called '" + name + "': " + key + " is a setting");
    }
    String location = access.settings().model(name);
    if (location == null) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "no model is called '"
              + name
              + "': "
              + key
              + " is not set; a file of that name is ./"
              + name);
    }
    ModelName meant = pinned(ModelName.parse(location), key);
    if (meant.isShort()) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          key + " is '" + location + "', a short name; a location is needed");
    }
    return meant;
  }

  private Found find(String location) throws IOException {
    if (location.startsWith(ZooName.SCHEME)) {
      ZooName name = ZooName.parse(location);
      ZooManifest manifest = ZooManifest.read(access);
      ZooManifest.Entry entry = manifest.find(name);
      return new Found(manifest.file(entry), entry.sha256(), pins);
    }
    ModelFile file = ModelFile.at(location, access);
    boolean folder = file instanceof HadoopFile hadoop ? hadoop.isFolder() : location.endsWith("/");
    if (folder) {
      file =
          file instanceof HadoopFile hadoop
              ? hadoop.within(MlflowFolder.DESCRIPTION)
              : file.beside(MlflowFolder.DESCRIPTION);
    }
    boolean described = file.location().endsWith("/" + MlflowFolder.DESCRIPTION);
    return new Found(described ? MlflowFolder.model(file, location, access) : file, null, pins);
  }
}
