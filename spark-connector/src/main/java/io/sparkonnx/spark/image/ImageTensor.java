package io.sparkonnx.spark.image;

import java.io.Serializable;
import java.util.List;

/**
 * How pixels become a model's input. Images are resized without regard to their ratio, by bilinear
 * interpolation between the centres of pixels: the output's centre (i + 0.5) · in / out - 0.5 lies
 * between two pixels of the input, those at the edge are repeated, and nothing is smoothed before.
 * An element is then (sample / 255 - mean) / std of its channel.
 *
 * @param channelsFirst whether planes follow each other (NCHW), else the channels of a pixel (NHWC)
 * @param mean of each channel: one for gray, three for red, green, blue
 * @param std of each channel
 */
record ImageTensor(
    int height, int width, boolean channelsFirst, List<Double> mean, List<Double> std)
    implements Serializable {

  ImageTensor {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  int channels() {
    return mean.size();
  }

  float[] of(Pixels image) {
    int channels = channels();
    float[] elements = new float[channels * height * width];
    double[] means = mean.stream().mapToDouble(Double::doubleValue).toArray();
    double[] stds = std.stream().mapToDouble(Double::doubleValue).toArray();
    int[] left = new int[width];
    double[] weights = new double[width];
    for (int x = 0; x < width; x++) {
      double source = source(x, image.width(), width);
      left[x] = (int) source;
      weights[x] = source - left[x];
    }
    for (int y = 0; y < height; y++) {
      double source = source(y, image.height(), height);
      int top = (int) source;
      double weight = source - top;
      int upper = top * image.width();
      int lower = Math.min(top + 1, image.height() - 1) * image.width();
      for (int x = 0; x < width; x++) {
        int right = Math.min(left[x] + 1, image.width() - 1);
        for (int c = 0; c < channels; c++) {
          double above =
              between(
                  image.sample(upper + left[x], c, channels),
                  image.sample(upper + right, c, channels),
                  weights[x]);
          double below =
              between(
                  image.sample(lower + left[x], c, channels),
                  image.sample(lower + right, c, channels),
                  weights[x]);
          int index = channelsFirst ? (c * height + y) * width + x : (y * width + x) * channels + c;
          elements[index] = (float) ((between(above, below, weight) / 255 - means[c]) / stds[c]);
        }
      }
    }
    return elements;
  }

  private static double source(int index, int from, int to) {
    double centre = (index + 0.5) * from / to - 0.5;
    return Math.min(Math.max(centre, 0), from - 1);
  }

  private static double between(double first, double second, double weight) {
    return first + (second - first) * weight;
  }
}
