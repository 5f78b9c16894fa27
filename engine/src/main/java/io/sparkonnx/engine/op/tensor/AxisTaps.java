package io.sparkonnx.engine.op.tensor;

/**
 * Which elements of an axis make each element of the resized one, and with which weights.
 *
 * @param count elements for each
 * @param sources their places along the axis, {@code count} for each new place
 * @param weights as many
 * @param outside for each new place, whether it lies outside of what is cropped; null where none
 *     does
 */
record AxisTaps(int count, int[] sources, double[] weights, boolean[] outside) {
  /** Length of the resized axis. */
  int length() {
    return sources.length / count;
  }

  /** The weights as floats. */
  float[] floatWeights() {
    float[] floats = new float[weights.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) weights[i];
    }
    return floats;
  }
}
