package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.show.ModelCard;
import java.util.Map;
import java.util.Set;

/** What the driver knows of models: each is read and loaded once, whatever it is called. */
public final class DriverModels {
  private static final Map<String, Metadata> METADATA = FileStates.remembering(1024);
  private static final Map<String, ModelContent> CONTENTS = FileStates.remembering(256);

  private DriverModels() {}

  private record Metadata(
      Signature signature, Batching batching, Map<String, Set<String>> inputsByOutput) {}

  /**
   * What analysis asks of a model.
   *
   * @param inputsByOutput {@link io.sparkonnx.engine.Model#inputsByOutput()}
   */
  public record Analyzed(
      ModelReference reference,
      Signature signature,
      Batching batching,
      Map<String, Set<String>> inputsByOutput) {}

  /**
   * The model of a name as it is now.
   *
   * @param written short name, name of the zoo or location; {@code @sha256:HASH} may follow
   * @param pinned the hash that the model must have, or null for any
   * @throws OnnxException if it cannot be found or read, is no model that the engine runs, or has
   *     another hash than it must have
   */
  public static Analyzed analyze(String written, String pinned, ModelAccess access) {
    ModelResolver.Found found = ModelResolver.find(written, pinned, access);
    String location = ModelName.parse(written).location();
    ModelContent content = ModelContent.current(location, found, access);
    found.check(content);
    synchronized (CONTENTS) {
      CONTENTS.put(content.sha256(), content);
    }
    Metadata metadata = metadata(content, access);
    ModelReference reference =
        new ModelReference(location, found.file().location(), content.sha256());
    return new Analyzed(
        reference, metadata.signature(), metadata.batching(), metadata.inputsByOutput());
  }

  private static Metadata metadata(ModelContent content, ModelAccess access) {
    synchronized (METADATA) {
      Metadata known = METADATA.get(content.sha256());
      if (known != null) {
        return known;
      }
    }
    try (ModelLease lease = whole(content.sha256(), content.bytes(access))) {
      Model model = lease.model();
      Metadata metadata = new Metadata(model.signature(), model.batching(), model.inputsByOutput());
      synchronized (METADATA) {
        METADATA.put(content.sha256(), metadata);
      }
      return metadata;
    }
  }

  private static ModelLease whole(String sha256, Map<String, PiecedBytes> files) {
    return CompiledModels.acquire(
        sha256, ModelForm.WHOLE, () -> ModelContent.load(files, ModelForm.WHOLE), () -> false);
  }

  /**
   * HTML that shows a model that was analyzed.
   *
   * @throws OnnxException MODEL_NOT_READABLE if it had to be read again and has changed
   */
  public static String card(ModelReference reference, ModelAccess access) {
    try (ModelLease lease = whole(reference.sha256(), files(reference, access))) {
      return new ModelCard(reference.fileName(), lease.model().summary()).fragment();
    }
  }

  /**
   * The files of a model that was analyzed, by their paths relative to its own, which is the empty
   * one.
   *
   * @throws OnnxException MODEL_NOT_READABLE if they had to be read again and have changed
   */
  static Map<String, PiecedBytes> files(ModelReference reference, ModelAccess access) {
    ModelContent content;
    synchronized (CONTENTS) {
      content = CONTENTS.get(reference.sha256());
    }
    if (content == null) {
      ModelResolver.Found found = ModelResolver.find(reference.file(), reference.sha256(), access);
      content = ModelContent.current(reference.location(), found, access);
      found.check(content);
    }
    return content.bytes(access);
  }
}
