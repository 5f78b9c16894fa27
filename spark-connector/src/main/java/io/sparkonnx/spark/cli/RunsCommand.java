package io.sparkonnx.spark.cli;

import io.sparkonnx.spark.score.RunHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the runs of scoring jobs. */
@Command(
    name = "runs",
    description = "List the runs of an output of score, or compare two.",
    mixinStandardHelpOptions = true)
final class RunsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      description = "The output folder of the jobs, or of a table the folder of their state.")
  private String output;

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "ID",
      description = "Two runs, shown side by side.")
  private List<String> compared;

  @Option(names = "--json", description = "Print the manifests of all runs, the failed ones last.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RunHistory history = new RunHistory(output);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      List<Object> runs = new ArrayList<>(history.runs());
      runs.addAll(history.failures());
      Json.print(out, runs);
    } else if (compared == null) {
      history.table().forEach(out::println);
    } else {
      history.comparison(compared.get(0), compared.get(1)).forEach(out::println);
    }
    out.flush();
    return 0;
  }
}
