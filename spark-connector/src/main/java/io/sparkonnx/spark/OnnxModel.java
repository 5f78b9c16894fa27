package io.sparkonnx.spark;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.spark.model.DriverModels;
import io.sparkonnx.spark.model.DriverModels.Analyzed;
import io.sparkonnx.spark.model.ModelAccess;
import io.sparkonnx.spark.model.ModelReference;
import org.apache.spark.sql.classic.SparkSession;

/**
 * A model as it is now: its location and the hash of its bytes. Queries that use the handle fail if
 * the model has other bytes by then.
 */
public final class OnnxModel {
  private final ModelReference reference;
  private final Signature signature;

  private OnnxModel(ModelReference reference, Signature signature) {
    this.reference = reference;
    this.signature = signature;
  }

  /**
   * Reads and checks a model in the active session.
   *
   * @param path a path or URI for Hadoop's file systems, HTTP or the classpath; a short name, or a
   *     name of the model zoo; {@code @sha256:HASH} may follow
   * @throws OnnxException if it cannot be read or the engine does not run it
   */
  public static OnnxModel load(String path) {
    Analyzed analyzed = DriverModels.analyze(path, null, ModelAccess.of(SparkSession.active()));
    return new OnnxModel(analyzed.reference(), analyzed.signature());
  }

  public String location() {
    return reference.location();
  }

  /** Hash of the model as in {@link ModelReference}, lower-case hexadecimal. */
  public String sha256() {
    return reference.sha256();
  }

  /** What the model takes and gives. */
  public Signature signature() {
    return signature;
  }

  /**
   * The model as HTML for a notebook: signature, size, origin, and a drawing of its graph. Needs
   * nothing but what it contains.
   *
   * @throws OnnxException if the model has other bytes by now
   */
  public String toHtml() {
    return DriverModels.card(reference, ModelAccess.of(SparkSession.active()));
  }

  @Override
  public String toString() {
    return location() + "@" + sha256().substring(0, 12) + " " + signature;
  }
}
