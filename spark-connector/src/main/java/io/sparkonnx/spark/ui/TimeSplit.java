package io.sparkonnx.spark.ui;

import java.util.Locale;
import java.util.Map;

/** Where tasks spend their time, as a bar of parts. */
enum TimeSplit {
  LOAD("load", Totals.LOAD),
  CONVERT_IN("convert in", Totals.CONVERT_IN),
  WAIT("wait for memory", Totals.WAIT),
  WAIT_DEVICE("wait for device", Totals.DEVICE_WAIT),
  COMPUTE("compute", Totals.COMPUTE),
  CONVERT_OUT("convert out", Totals.CONVERT_OUT);

  private static final double NANOS = 1e9;

  private final String label;
  private final String metric;

  TimeSplit(String label, String metric) {
    this.label = label;
    this.metric = metric;
  }

  /** Seconds of this part. */
  private double seconds(Map<String, Long> totals) {
    return totals.getOrDefault(metric, 0L) / NANOS;
  }

  private String color() {
    return "onnx-part" + ordinal();
  }

  /**
   * The bar.
   *
   * @param totals of the metrics, by their names
   */
  static String bar(Map<String, Long> totals) {
    double all = 0;
    for (TimeSplit part : values()) {
      all += part.seconds(totals);
    }
    StringBuilder bar = new StringBuilder("<div class=\"onnx-split\">");
    for (TimeSplit part : values()) {
      double share = all == 0 ? 0 : 100 * part.seconds(totals) / all;
      if (share >= 0.05) {
        bar.append("<span class=\"").append(part.color()).append("\" style=\"width:");
        bar.append(Html.number(share)).append("%\" title=\"").append(part.label).append(": ");
        bar.append(String.format(Locale.ROOT, "%.2f s, %.0f %%", part.seconds(totals), share));
        bar.append("\"></span>");
      }
    }
    return bar.append("</div>").toString();
  }

  /** What the colours mean, with the seconds of each. */
  static String legend(Map<String, Long> totals) {
    StringBuilder legend = new StringBuilder("<div class=\"onnx-legend\">");
    for (TimeSplit part : values()) {
      legend.append("<span><i class=\"").append(part.color()).append("\"></i>");
      legend.append(part.label).append(' ');
      legend.append(String.format(Locale.ROOT, "%.2f s", part.seconds(totals))).append("</span>");
    }
    return legend.append("</div>").toString();
  }
}
