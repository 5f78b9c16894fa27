package io.sparkonnx.spark.ui;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/** Rows a second over time, as SVG. */
final class RateChart {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 180;
  private static final int LEFT = 70;
  private static final int BOTTOM = 24;
  private static final int TOP = 10;
  private static final int TIMES = 5;
  private static final double MILLIS = 1000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private RateChart() {}

  static String svg(RowsOverTime rows) {
    int stretches = Math.max(1, rows.rows().length);
    double perSecond = MILLIS / rows.width();
    double greatest = ceiling(Arrays.stream(rows.rows()).max().orElse(0) * perSecond);
    double step = (double) (WIDTH - LEFT) / stretches;
    int base = HEIGHT - BOTTOM;
    StringBuilder svg = new StringBuilder();
    svg.append("<svg class=\"onnx-chart\" viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(HEIGHT)
        .append("\" role=\"img\" aria-label=\"rows a second over time\">");
    for (int line = 0; line <= 2; line++) {
      double y = base - (base - TOP) * line / 2.0;
      svg.append("<line class=\"grid\" x1=\"").append(LEFT).append("\" x2=\"").append(WIDTH);
      svg.append("\" y1=\"").append(Html.number(y)).append("\" y2=\"").append(Html.number(y));
      svg.append("\"/><text text-anchor=\"end\" x=\"").append(LEFT - 6).append("\" y=\"");
      svg.append(Html.number(y + 4)).append("\">");
      svg.append(Html.brief(greatest * line / 2)).append("</text>");
    }
    for (int i = 0; i < rows.rows().length; i++) {
      double rate = rows.rows()[i] * perSecond;
      double height = (base - TOP) * rate / greatest;
      svg.append("<rect class=\"bar\" x=\"").append(Html.number(LEFT + i * step));
      svg.append("\" width=\"").append(Html.number(Math.max(1, Math.min(step - 1, 24))));
      svg.append("\" y=\"").append(Html.number(base - height));
      svg.append("\" height=\"").append(Html.number(height)).append("\"><title>");
      svg.append(TIME.format(Instant.ofEpochMilli(rows.start() + i * rows.width())));
      svg.append(": ").append(Html.count(rate)).append(" rows/s</title></rect>");
    }
    for (int i = 0; i < TIMES; i++) {
      int stretch = stretches * i / TIMES;
      svg.append("<text x=\"").append(Html.number(LEFT + stretch * step)).append("\" y=\"");
      svg.append(HEIGHT - 6).append("\">");
      svg.append(TIME.format(Instant.ofEpochMilli(rows.start() + stretch * rows.width())));
      svg.append("</text>");
    }
    return svg.append("</svg>").toString();
  }

  /** The next round number. */
  private static double ceiling(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    for (double factor : new double[] {1, 2, 4, 6, 8}) {
      if (value <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
