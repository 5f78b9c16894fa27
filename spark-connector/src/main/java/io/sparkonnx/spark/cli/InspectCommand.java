package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.ModelSummary;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.show.ModelCard;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what a model is: signature, size, cost, operators, batching. */
@Command(
    name = "inspect",
    description = "Show a model's signature, size, cost and operators.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Runnable {
  @Parameters(paramLabel = "MODEL", description = "ONNX file.")
  private Path model;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with a drawing of the graph.")
  private Path html;

  @Mixin private EngineOptions engine;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (Model loaded = Model.load(model, engine.loadOptions())) {
      Map<String, Object> facts = facts(loaded);
      if (html != null) {
        writePage(loaded);
      }
      if (json) {
        Json.print(out, facts);
      } else {
        facts.forEach((name, value) -> print(out, name, value));
      }
    }
    out.flush();
  }

  private void writePage(Model loaded) {
    String page = new ModelCard(String.valueOf(model.getFileName()), loaded.summary()).page();
    try {
      Files.writeString(html, page);
    } catch (IOException e) {
      throw CliException.input("OUTPUT", "--html: " + html + " cannot be written: " + e);
    }
  }

  private Map<String, Object> facts(Model loaded) {
    ModelSummary summary = loaded.summary();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", String.valueOf(model.getFileName()));
    facts.put("sha256", summary.info().sha256());
    facts.put("producer", summary.info().producer());
    facts.put("irVersion", summary.info().irVersion());
    facts.put("opsets", opsets(summary));
    facts.put("inputs", ports(summary.signature().inputs()));
    facts.put("outputs", ports(summary.signature().outputs()));
    facts.put("batching", summary.batching().text());
    facts.put("parameters", summary.parameters());
    facts.put("weightBytes", loaded.weightBytes());
    facts.put("flops", summary.flops().toString());
    facts.put("operators", summary.operators());
    facts.put("steps", summary.steps());
    facts.put("placement", "cpu (" + loaded.kernels() + ")");
    facts.put("metadata", summary.info().metadata());
    facts.put("problems", summary.warnings());
    return facts;
  }

  private static Map<String, Integer> opsets(ModelSummary summary) {
    return summary.info().opsets().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().isEmpty() ? "ai.onnx" : entry.getKey(),
                Map.Entry::getValue));
  }

  private static List<String> ports(List<Port> ports) {
    return ports.stream().map(Port::toString).toList();
  }

  private static void print(PrintWriter out, String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      String line =
          map.entrySet().stream()
              .map(entry -> entry.getKey() + " " + entry.getValue())
              .collect(Collectors.joining(", "));
      print(out, name, (Object) line);
    } else if (value instanceof List<?> list) {
      if (list.isEmpty()) {
        print(out, name, (Object) "none");
      }
      for (int i = 0; i < list.size(); i++) {
        print(out, i == 0 ? name : "", list.get(i));
      }
    } else {
      out.println(String.format(java.util.Locale.ROOT, "%-12s %s", name, value).stripTrailing());
    }
  }
}
