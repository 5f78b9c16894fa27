package io.sparkonnx.spark.model;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.Signature;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * What the driver knows of models: each state of a file is read and loaded once. Bytes are kept as
 * long as memory allows and read again where they are still needed later.
 */
public final class DriverModels {
  private static final int REMEMBERED = 256;

  private static final Map<ModelFile.Version, Analyzed> BY_VERSION =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ModelFile.Version, Analyzed> eldest) {
          return size() > REMEMBERED;
        }
      };

  private DriverModels() {}

  /** What analysis asks of a model. */
  public static final class Analyzed {
    private final ModelReference reference;
    private final Signature signature;
    private final Batching batching;
    private final SoftReference<byte[]> bytes;

    private Analyzed(ModelReference reference, Model model, byte[] bytes) {
      this.reference = reference;
      this.signature = model.signature();
      this.batching = model.batching();
      this.bytes = new SoftReference<>(bytes);
    }

    public ModelReference reference() {
      return reference;
    }

    public Signature signature() {
      return signature;
    }

    public Batching batching() {
      return batching;
    }
  }

  /**
   * The model at a location.
   *
   * @param pinned the hash that the bytes must have, or null for any
   * @throws OnnxException if the file cannot be read, is no model that the engine runs, or has
   *     other bytes than pinned
   */
  public static Analyzed analyze(String location, String pinned, Configuration configuration) {
    ModelFile file = ModelFile.at(location, configuration);
    Analyzed known;
    synchronized (BY_VERSION) {
      known = file.version().isTelling() ? BY_VERSION.get(file.version()) : null;
    }
    if (known == null) {
      byte[] bytes = file.read();
      ModelReference reference = new ModelReference(location, ModelFile.sha256(bytes));
      checkPinned(location, pinned, reference.sha256());
      Model model = CompiledModels.get(reference, () -> bytes, () -> false);
      known = new Analyzed(reference, model, bytes);
      synchronized (BY_VERSION) {
        BY_VERSION.put(file.version(), known);
      }
    }
    checkPinned(location, pinned, known.reference.sha256());
    return known;
  }

  private static void checkPinned(String location, String pinned, String found) {
    if (pinned != null && !pinned.equals(found)) {
      throw new OnnxException(
          Code.MODEL_NOT_READABLE,
          "model " + location + " has SHA-256 " + found + ", but " + pinned + " is asked for");
    }
  }

  /**
   * The bytes of a model that was analyzed.
   *
   * @throws OnnxException MODEL_NOT_READABLE if they had to be read again and the file has changed
   */
  static byte[] bytes(ModelReference reference, Configuration configuration) {
    synchronized (BY_VERSION) {
      for (Analyzed known : BY_VERSION.values()) {
        byte[] bytes = known.reference.equals(reference) ? known.bytes.get() : null;
        if (bytes != null) {
          return bytes;
        }
      }
    }
    byte[] bytes = ModelFile.at(reference.location(), configuration).read();
    checkPinned(reference.location(), reference.sha256(), ModelFile.sha256(bytes));
    return bytes;
  }
}
