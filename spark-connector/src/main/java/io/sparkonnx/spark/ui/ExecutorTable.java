package io.sparkonnx.spark.ui;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Which executor loaded which models, and what it did with them. */
final class ExecutorTable {
  private static final double NANOS_PER_MILLI = 1e6;

  private ExecutorTable() {}

  static String html(ApplicationUse use) {
    StringBuilder table = new StringBuilder("<h4>Models loaded by executors</h4>");
    table.append("<table class=\"table table-bordered table-sm table-striped\"><thead>");
    table.append(
        Html.row("th", "Executor", "Host", "Models", "Tasks", "Rows", "Longest wait for loading"));
    table.append("</thead><tbody>");
    List<ExecutorUse> executors =
        use.executors().stream()
            .sorted(Comparator.comparing(ExecutorUse::gone).thenComparing(ExecutorUse::executor))
            .toList();
    executors.forEach(executor -> table.append(row(executor, use.models())));
    return table.append("</tbody></table>").toString();
  }

  private static String row(ExecutorUse use, Map<String, String> models) {
    String names =
        use.models().stream()
            .map(sha256 -> Html.text(models.getOrDefault(sha256, "?")) + QueryTable.hash(sha256))
            .collect(Collectors.joining("<br>"));
    String executor = Html.text(use.executor());
    return Html.row(
        "td",
        use.gone() ? "<span class=\"onnx-gone\">" + executor + ", gone</span>" : executor,
        Html.text(use.host()),
        names,
        number(Html.count(use.tasks())),
        number(Html.count(use.rows())),
        number(String.format(Locale.ROOT, "%,.0f ms", use.loadNanos() / NANOS_PER_MILLI)));
  }

  private static String number(String value) {
    return "<div class=\"onnx-number\">" + value + "</div>";
  }
}
