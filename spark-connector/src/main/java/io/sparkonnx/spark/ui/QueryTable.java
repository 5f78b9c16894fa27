package io.sparkonnx.spark.ui;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.ui.UIUtils;

/** The queries that ran models, the latest first. */
final class QueryTable {
  private static final int HASH_PREFIX = 12;
  private static final double MILLIS = 1000;

  private QueryTable() {}

  /**
   * The table.
   *
   * @param executions address of a query in the SQL tab, without its number
   */
  static String html(List<QueryUse> queries, String executions) {
    StringBuilder table = new StringBuilder("<h4>Queries</h4>");
    table.append("<table class=\"table table-bordered table-sm table-striped\"><thead>");
    table.append(
        Html.row(
            "th",
            "Query",
            "Started",
            "Model",
            "Device",
            "Rows",
            "Rows/s",
            "Batches",
            "Rows a batch",
            "Bad rows",
            "Time of tasks"));
    table.append("</thead><tbody>");
    queries.forEach(query -> table.append(row(query, executions)));
    return table.append("</tbody></table>").toString();
  }

  private static String row(QueryUse query, String executions) {
    Map<String, Long> totals = query.totals();
    long rows = totals.getOrDefault(Totals.SCORED_ROWS, 0L);
    long batches = totals.getOrDefault(Totals.BATCHES, 0L);
    long bad = totals.getOrDefault(Totals.BAD_ROWS, 0L);
    double seconds = (query.updated() - query.started()) / MILLIS;
    return Html.row(
        "td",
        query.execution() < 0
            ? "-"
            : "<a href=\"" + executions + query.execution() + "\">" + query.execution() + "</a>",
        UIUtils.formatDate(query.started()),
        each(query.calls(), QueryTable::model),
        each(query.calls(), call -> Html.text(call.device())),
        number(Html.count(rows)),
        number(seconds > 0 ? Html.brief(rows / seconds) : "-"),
        number(Html.count(batches)),
        number(batches > 0 ? Html.count((double) rows / batches) : "-"),
        bad > 0 ? badRows(query, bad) : number("0"),
        TimeSplit.bar(totals));
  }

  private static String badRows(QueryUse query, long bad) {
    String errors = String.join("\n", query.badRows());
    return "<div class=\"onnx-number onnx-bad\" title=\""
        + Html.text(errors)
        + "\"><b>"
        + Html.count(bad)
        + "</b></div>";
  }

  private static String number(String value) {
    return "<div class=\"onnx-number\">" + value + "</div>";
  }

  private static String each(List<ModelCall> calls, Function<ModelCall, String> text) {
    return calls.stream().map(text).distinct().collect(Collectors.joining("<br>"));
  }

  private static String model(ModelCall call) {
    return Html.text(call.model()) + hash(call.sha256());
  }

  /** The first digits of a model's hash, all of them when it is pointed at. */
  static String hash(String sha256) {
    return " <span class=\"onnx-hash\" title=\"SHA-256 "
        + sha256
        + "\">"
        + sha256.substring(0, Math.min(HASH_PREFIX, sha256.length()))
        + "</span>";
  }
}
