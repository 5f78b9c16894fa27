package io.sparkonnx.engine.show;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Places boxes: rows for layers, and in a row each box as near as can be to those it belongs to.
 */
final class Coordinates {
  private static final int ROUNDS = 24;
  private static final double GAP = 18;
  private static final double ROW_GAP = 30;
  private static final double MARGIN = 8;

  /** Size of the whole in pixels. */
  record Size(double width, double height) {}

  private final Layers layers;

  private Coordinates(Layers layers) {
    this.layers = layers;
  }

  static Size place(Layers layers) {
    Coordinates coordinates = new Coordinates(layers);
    coordinates.start();
    for (int round = 0; round < ROUNDS; round++) {
      coordinates.align(round % 2 == 0);
    }
    return coordinates.finish();
  }

  private void start() {
    double y = MARGIN;
    for (List<Box> layer : layers.layers()) {
      double x = 0;
      double height = 0;
      for (Box box : layer) {
        box.x = x + box.width() / 2;
        box.y = y;
        x += box.width() + GAP;
        height = Math.max(height, box.height());
      }
      for (Box box : layer) {
        box.x -= x / 2;
        box.y += (height - box.height()) / 2;
      }
      y += height + ROW_GAP;
    }
  }

  private void align(boolean downwards) {
    int count = layers.layers().size();
    for (int i = 0; i < count; i++) {
      List<Box> layer = layers.layers().get(downwards ? i : count - 1 - i);
      double[] wanted = new double[layer.size()];
      for (int j = 0; j < wanted.length; j++) {
        Set<Box> near = new HashSet<>(layers.above(layer.get(j)));
        near.addAll(layers.below(layer.get(j)));
        wanted[j] = near.stream().mapToDouble(box -> box.x).average().orElse(layer.get(j).x);
      }
      move(layer, wanted);
    }
  }

  /** As near to the wanted places as order and gaps allow: the mean of two greedy passes. */
  private static void move(List<Box> layer, double[] wanted) {
    int size = layer.size();
    double[] fromLeft = wanted.clone();
    double[] fromRight = wanted.clone();
    for (int i = 1; i < size; i++) {
      fromLeft[i] = Math.max(fromLeft[i], fromLeft[i - 1] + distance(layer, i));
    }
    for (int i = size - 2; i >= 0; i--) {
      fromRight[i] = Math.min(fromRight[i], fromRight[i + 1] - distance(layer, i + 1));
    }
    for (int i = 0; i < size; i++) {
      layer.get(i).x = (fromLeft[i] + fromRight[i]) / 2;
    }
  }

  private static double distance(List<Box> layer, int right) {
    return (layer.get(right - 1).width() + layer.get(right).width()) / 2 + GAP;
  }

  private Size finish() {
    double left = Double.MAX_VALUE;
    double right = 0;
    double bottom = 0;
    for (List<Box> layer : layers.layers()) {
      for (Box box : layer) {
        left = Math.min(left, box.x - box.width() / 2);
      }
    }
    for (List<Box> layer : layers.layers()) {
      for (Box box : layer) {
        box.x += MARGIN - left;
        right = Math.max(right, box.x + box.width() / 2);
        bottom = Math.max(bottom, box.y + box.height());
      }
    }
    return new Size(right + MARGIN, bottom + MARGIN);
  }
}
