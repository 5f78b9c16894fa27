package io.sparkonnx.engine.op.tensor;

/**
 * One axis that is resized.
 *
 * @param from its length
 * @param to its new length
 * @param scale the factor between them, from which {@code to} was rounded
 * @param start where a crop begins, 0 for the first element
 * @param end where it ends, 1 for the last element
 */
record Stretch(int from, int to, double scale, double start, double end) {
  /** The new length before it was rounded. */
  double wanted() {
    return from * scale;
  }
}
