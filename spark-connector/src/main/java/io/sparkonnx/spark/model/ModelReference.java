package io.sparkonnx.spark.model;

import java.io.Serializable;

/**
 * Which model is meant: the bytes with this hash, wherever they lie.
 *
 * @param location as the user wrote it
 * @param file where the model's file was found
 * @param sha256 hash of the model, lower-case hexadecimal: of the file's bytes; where it has
 *     external data, of the lines that {@code sha256sum} prints for the file, under the name {@code
 *     -}, and for its data files in the order of their paths
 */
public record ModelReference(String location, String file, String sha256) implements Serializable {

  /** References to the same bytes are equal, whatever they are called. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ModelReference reference && sha256.equals(reference.sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  /** The last part of the location, for plans and messages. */
  public String fileName() {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** Whether it is called by a name that only settings of a session explain. */
  public boolean hasShortName() {
    return ModelName.parse(location).isShort();
  }
}
