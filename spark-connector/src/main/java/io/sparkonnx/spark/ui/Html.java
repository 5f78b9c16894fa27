package io.sparkonnx.spark.ui;

import java.util.Locale;
import scala.xml.Utility;

/** Pieces of HTML. */
final class Html {
  private Html() {}

  /** Text with what HTML gives a meaning to escaped. */
  static String text(Object value) {
    return Utility.escape(String.valueOf(value));
  }

  /** Whole numbers with separators, e.g. {@code 1,234,567}. */
  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** Likewise. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Few digits for a glance, e.g. {@code 1.23 M}. */
  static String brief(double value) {
    if (value < 10_000) {
      return count(value);
    }
    if (value < 1e6) {
      return String.format(Locale.ROOT, "%.1f k", value / 1e3);
    }
    return value < 1e9
        ? String.format(Locale.ROOT, "%.2f M", value / 1e6)
        : String.format(Locale.ROOT, "%.2f G", value / 1e9);
  }

  /** A number for SVG. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String row(String cell, String... cells) {
    StringBuilder row = new StringBuilder("<tr>");
    for (String each : cells) {
      row.append('<').append(cell).append('>').append(each);
      row.append("</").append(cell).append('>');
    }
    return row.append("</tr>").toString();
  }
}
