package io.sparkonnx.engine.kernel;

/** Evaluates tree ensembles for many rows at once. */
public interface TreeKernel {
  /** An ensemble laid out for this kernel. Immutable, shared. */
  interface Packed {
    /** Bytes held. */
    long bytes();
  }

  Packed pack(TreeEnsemble ensemble);

  /**
   * Scores {@code x[rows, features]} into {@code y[rows, targets]}: for each row and target the
   * leaf weights in ascending tree order, combined by the ensemble's aggregation, base values added
   * last.
   *
   * @param featureMajor false: element (row, feature) at {@code x[xOffset + row·xStride +
   *     feature]}; true: at {@code x[xOffset + feature·xStride + row]}
   */
  void run(
      Packed packed,
      int rows,
      float[] x,
      int xOffset,
      int xStride,
      boolean featureMajor,
      float[] y,
      int yOffset,
      Scratch scratch);
}
