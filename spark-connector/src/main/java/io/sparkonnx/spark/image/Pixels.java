package io.sparkonnx.spark.image;

/**
 * A decoded image.
 *
 * @param samples 8-bit samples row by row, the channels of a pixel together, as gray or red, green,
 *     blue
 * @param channels 1 or 3
 */
record Pixels(int height, int width, int channels, byte[] samples) {

  /** Samples of the channels that are wanted: gray is repeated, colours become their luma. */
  int sample(int pixel, int channel, int wanted) {
    if (channels == wanted || channels == 1) {
      return samples[pixel * channels + (channels == 1 ? 0 : channel)] & 0xFF;
    }
    int first = pixel * channels;
    int red = samples[first] & 0xFF;
    int green = samples[first + 1] & 0xFF;
    int blue = samples[first + 2] & 0xFF;
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
  }
}
