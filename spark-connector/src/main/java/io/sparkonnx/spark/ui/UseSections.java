package io.sparkonnx.spark.ui;

import java.util.List;
import java.util.Map;

/** The sections of the page that are about all queries together. */
final class UseSections {
  private UseSections() {}

  static String html(ApplicationUse use) {
    return cards(use)
        + "<h4>Rows a second</h4>"
        + RateChart.svg(use.rows())
        + "<div class=\"onnx-columns\"><div><h4>Time of tasks</h4>"
        + TimeSplit.bar(use.totals())
        + TimeSplit.legend(use.totals())
        + "</div><div><h4>Rows a batch</h4>"
        + sizes(use.batchSizes())
        + "</div><div><h4>Devices</h4>"
        + devices(use.deviceBatches())
        + "</div></div>";
  }

  private static String cards(ApplicationUse use) {
    long bad = use.totals().getOrDefault(Totals.BAD_ROWS, 0L);
    return "<div class=\"onnx-cards\">"
        + card("", use.models().size(), use.models().size() == 1 ? "model" : "models")
        + card("", use.totals().getOrDefault(Totals.SCORED_ROWS, 0L), "rows scored")
        + card("", use.totals().getOrDefault(Totals.BATCHES, 0L), "batches")
        + card(bad > 0 ? "onnx-bad" : "", bad, "bad rows")
        + "</div>";
  }

  private static String card(String style, long value, String label) {
    return "<div class=\""
        + style
        + "\"><b>"
        + Html.count(value)
        + "</b><span>"
        + label
        + "</span></div>";
  }

  /** Bars for classes of sizes, from the least to the greatest that occurs. */
  private static String sizes(List<Long> counts) {
    int first = 0;
    int last = counts.size() - 1;
    while (first < last && counts.get(first) == 0) {
      first++;
    }
    while (last > first && counts.get(last) == 0) {
      last--;
    }
    long most = counts.stream().mapToLong(count -> count).max().orElse(0);
    StringBuilder rows = new StringBuilder("<table class=\"table table-sm\">");
    for (int i = first; i <= last && most > 0; i++) {
      String bar = bar(counts.get(i), most);
      rows.append(Html.row("td", "to " + Html.count(1L << i), bar, Html.count(counts.get(i))));
    }
    return rows.append("</table>").toString();
  }

  private static String devices(Map<String, Long> batches) {
    long most = batches.values().stream().mapToLong(count -> count).max().orElse(0);
    StringBuilder rows = new StringBuilder("<table class=\"table table-sm\">");
    batches.forEach(
        (device, count) ->
            rows.append(
                Html.row(
                    "td", Html.text(device), bar(count, most), Html.count(count) + " batches")));
    return rows.append("</table>").toString();
  }

  private static String bar(long value, long most) {
    return "<div class=\"onnx-split\"><span class=\"onnx-part4\" style=\"width:"
        + Html.number(100.0 * value / Math.max(1, most))
        + "%\"></span></div>";
  }

  static String badRows(ApplicationUse use) {
    if (use.badRows().isEmpty()) {
      return "";
    }
    StringBuilder list =
        new StringBuilder("<h4>Bad rows, the latest errors</h4><ul class=\"onnx-errors\">");
    for (int i = use.badRows().size() - 1; i >= 0; i--) {
      list.append("<li>").append(Html.text(use.badRows().get(i))).append("</li>");
    }
    return list.append("</ul>").toString();
  }
}
