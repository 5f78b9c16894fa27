package io.sparkonnx.engine.show;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A box of a drawing: an input or output, nodes that follow each other, a group, or what is beside.
 */
final class Box {
  static final int LINE = 18;

  private static final int LETTER = 7;
  private static final int PADDING = 20;
  private static final int LEAST_WIDTH = 56;

  /** How a box looks. */
  enum Look {
    INPUT,
    OUTPUT,
    NODES,
    GROUP,
    BESIDE,
    /** No box: a bend of an edge that passes a layer. */
    BEND
  }

  /**
   * A line of a box.
   *
   * @param text shown
   * @param detail shown when it is pointed at
   * @param link id of the drawing that it leads to, or null
   */
  record Line(String text, String detail, String link) {}

  final Look look;
  final List<Line> lines = new ArrayList<>();
  final Set<Box> targets = new LinkedHashSet<>();
  final Set<Box> sources = new LinkedHashSet<>();
  int layer;
  double x;
  double y;

  Box(Look look) {
    this.look = look;
  }

  static Box bend(int layer) {
    Box bend = new Box(Look.BEND);
    bend.layer = layer;
    return bend;
  }

  void leadTo(Box target) {
    if (target != this) {
      targets.add(target);
      target.sources.add(this);
    }
  }

  double width() {
    int letters = lines.stream().mapToInt(line -> line.text().length()).max().orElse(0);
    return look == Look.BEND ? 10 : Math.max(LEAST_WIDTH, letters * LETTER + PADDING);
  }

  double height() {
    return look == Look.BEND ? 0 : lines.size() * LINE + 8;
  }
}
