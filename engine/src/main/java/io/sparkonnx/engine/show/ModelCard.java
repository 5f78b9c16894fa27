package io.sparkonnx.engine.show;

import io.sparkonnx.engine.ModelSummary;
import io.sparkonnx.engine.Signature.Port;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model as HTML: what it takes and gives, its size and work, where it comes from, and a drawing
 * of its graph. Needs nothing but what it contains.
 */
public final class ModelCard {
  private static final int PREFIX = 8;
  private static final double KIB = 1024;

  /** Characters of an entry of metadata. */
  private static final int SHOWN = 400;

  private final String name;
  private final ModelSummary summary;

  /**
   * The card of a model.
   *
   * @param name file name of the model
   */
  public ModelCard(String name, ModelSummary summary) {
    this.name = name;
    this.summary = summary;
  }

  /** A whole page. */
  public String page() {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
        + Html.text(name)
        + "</title><meta name=\"viewport\" content=\"width=device-width\"></head><body>"
        + fragment()
        + "</body></html>\n";
  }

  /** An element for pages that have other things too, such as notebooks. */
  public String fragment() {
    StringBuilder html = new StringBuilder("<div class=\"onnx-card\">").append(CardStyle.ELEMENT);
    html.append("<h2>").append(Html.text(name)).append("</h2><table>");
    ports(html, "inputs", summary.signature().inputs());
    ports(html, "outputs", summary.signature().outputs());
    row(html, "rows", summary.batching().text());
    row(html, "parameters", String.format(Locale.ROOT, "%,d", summary.parameters()));
    row(html, "size of weights", bytes(summary.initializerBytes()));
    row(html, "FLOPs of a run", summary.flops());
    row(html, "opsets", opsets());
    row(html, "producer", summary.info().producer().isEmpty() ? "?" : summary.info().producer());
    row(html, "SHA-256", summary.info().sha256());
    row(html, "operators", counts(summary.operators()));
    summary.info().metadata().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> row(html, entry.getKey(), shortened(entry.getValue())));
    summary.warnings().forEach(warning -> row(html, "problem", warning));
    html.append("</table>");
    String id = "g" + summary.info().sha256().substring(0, PREFIX);
    html.append(new GraphDrawings(summary.graph(), id).html());
    return html.append("</div>").toString();
  }

  private static void ports(StringBuilder html, String label, List<Port> ports) {
    String all = ports.stream().map(Port::toString).collect(Collectors.joining("\n"));
    row(html, label, all);
  }

  private static void row(StringBuilder html, String label, Object value) {
    html.append("<tr><th>").append(Html.text(label)).append("</th><td>");
    html.append(Html.text(value).replace("\n", "<br>")).append("</td></tr>");
  }

  /** Metadata may be whole files: words, labels, the settings of a training. */
  private static String shortened(String value) {
    return value.length() <= SHOWN
        ? value
        : String.format(
            Locale.ROOT, "%s… (%,d characters)", value.substring(0, SHOWN), value.length());
  }

  private String opsets() {
    return summary.info().opsets().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry ->
                (entry.getKey().isEmpty() ? "ai.onnx" : entry.getKey()) + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String counts(Map<String, Integer> operators) {
    return operators.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String bytes(long bytes) {
    double value = bytes;
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    while (value >= KIB && unit < units.length - 1) {
      value /= KIB;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
