package io.sparkonnx.engine.type;

/** How the elements of a value that means a matrix [rows, features] lie in memory. */
public enum Layout {
  /** As it is: the features of one row are contiguous. ONNX's own order. */
  ROW_MAJOR,
  /**
   * By columns: the rows of one feature are contiguous. The value is held as its transpose, a
   * row-major [features, rows], and that is the shape that the graph shows.
   */
  FEATURE_MAJOR;

  /** The axis of a value of {@code rank} axes that counts the features. */
  public int featureAxis(int rank) {
    return this == ROW_MAJOR ? rank - 1 : 0;
  }

  /** The axis of a matrix that counts the rows. */
  public int rowAxis() {
    return this == ROW_MAJOR ? 0 : 1;
  }
}
