package io.sparkonnx.spark.model;

import java.util.List;

/**
 * What a JVM holds of models at one moment.
 *
 * @param models that are loaded, the one used longest ago first
 * @param bytes of all of them
 * @param maxBytes which idle models may not exceed
 * @param loads that have been done
 * @param evictions of idle models that have been done
 */
public record CacheReport(
    List<Held> models, long bytes, long maxBytes, long loads, long evictions) {

  /**
   * A loaded model.
   *
   * @param sha256 hash of the model
   * @param form in which it was compiled
   * @param bytes of its weights and its plan, about
   * @param users who have it on loan or wait for it
   */
  public record Held(String sha256, ModelForm form, long bytes, int users) {}

  @Override
  public String toString() {
    long used = models.stream().filter(model -> model.users() > 0).count();
    return models.size()
        + " models hold "
        + bytes
        + " of "
        + maxBytes
        + " bytes, "
        + used
        + " of them in use; "
        + loads
        + " loads, "
        + evictions
        + " evictions";
  }
}
