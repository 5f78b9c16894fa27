package io.sparkonnx.engine.show;

import io.sparkonnx.engine.show.Box.Line;
import io.sparkonnx.engine.show.Box.Look;
import java.util.List;
import java.util.Locale;

/** Boxes and edges as SVG. */
final class Drawing {
  private static final int TEXT_RISE = 5;
  private static final int TOP = 4;

  private final StringBuilder svg = new StringBuilder();

  private Drawing() {}

  /** The drawing of boxes that are not placed yet. */
  static String svg(List<Box> boxes) {
    Layers layers = Layers.of(boxes);
    Coordinates.Size size = Coordinates.place(layers);
    return new Drawing().draw(boxes, layers, size);
  }

  private String draw(List<Box> boxes, Layers layers, Coordinates.Size size) {
    append(
        "<svg class=\"graph\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">",
        size.width(), size.height(), size.width(), size.height());
    for (List<Box> layer : layers.layers()) {
      for (Box box : layer) {
        layers.below(box).forEach(target -> edge(box, target));
      }
    }
    boxes.forEach(this::box);
    return svg.append("</svg>").toString();
  }

  private void append(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  private void edge(Box from, Box to) {
    double start = from.y + from.height();
    double middle = (start + to.y) / 2;
    append(
        "<path class=\"edge\" d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"/>",
        from.x, start, from.x, middle, to.x, middle, to.x, to.y);
    if (to.look != Look.BEND) {
      append("<path class=\"tip\" d=\"M%.1f %.1fl-4 -6h8z\"/>", to.x, to.y);
    }
  }

  private void box(Box box) {
    double left = box.x - box.width() / 2;
    append(
        "<g class=\"%s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>",
        box.look.name().toLowerCase(Locale.ROOT),
        left,
        box.y,
        box.width(),
        box.height(),
        box.look == Look.INPUT || box.look == Look.OUTPUT ? Box.LINE / 2 : 4);
    for (int i = 0; i < box.lines.size(); i++) {
      line(box, box.lines.get(i), box.y + TOP + (i + 1) * Box.LINE - TEXT_RISE);
    }
    svg.append("</g>");
  }

  private void line(Box box, Line line, double y) {
    String start = line.link() == null ? "" : "<a href=\"#" + line.link() + "\">";
    append(
        "%s<text x=\"%.1f\" y=\"%.1f\"><title>%s</title>%s</text>%s",
        start,
        box.x,
        y,
        Html.text(line.detail()),
        Html.text(line.text()),
        start.isEmpty() ? "" : "</a>");
  }
}
