package io.sparkonnx.spark.model;

import java.io.Serializable;

/**
 * Which model is meant: the bytes with this hash, wherever they lie.
 *
 * @param location path as the user wrote it, for Hadoop's file systems
 * @param sha256 hash of the file's bytes, lower-case hexadecimal
 */
public record ModelReference(String location, String sha256) implements Serializable {

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
}
