package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.CallOptions;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.bind.OutputSlot;
import io.sparkonnx.spark.plan.OnnxPredict;
import io.sparkonnx.spark.plan.Sequences;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** What {@code EXPLAIN FORMATTED} says of a call. */
final class CallText {
  private static final int HASH_PREFIX = 12;

  private CallText() {}

  /**
   * The lines of one call, each with its label.
   *
   * @param device where it runs and why
   * @param settings of the session
   */
  static List<String> lines(OnnxPredict call, Attribute result, String device, OnnxConf settings) {
    BoundCall bound = call.call();
    List<String> lines = new ArrayList<>();
    lines.add("Call: " + result + " = " + bound.options().function());
    lines.add(
        "  Model: "
            + bound.model().fileName()
            + ", SHA-256 "
            + bound.model().sha256().substring(0, HASH_PREFIX));
    List<Expression> arguments = Sequences.list(call.arguments());
    bound.inputs().forEach(slot -> lines.add("  Input: " + input(slot, arguments)));
    bound.outputs().forEach(slot -> lines.add("  Output: " + output(slot)));
    if (call.condition().isDefined()) {
      lines.add("  Rows: where " + call.condition().get());
    }
    lines.add("  Device: " + device);
    lines.add("  Batches: " + batches(bound, settings));
    return lines;
  }

  private static String input(InputSlot slot, List<Expression> arguments) {
    String dims =
        slot.rowDims().stream()
            .map(dim -> dim == InputSlot.OPEN ? "?" : dim.toString())
            .collect(Collectors.joining(", ", "[", "]"));
    return slot.input()
        + " "
        + slot.element()
        + " "
        + dims
        + " a row <- "
        + arguments.subList(slot.first(), slot.first() + slot.arguments()).stream()
            .map(Expression::toString)
            .collect(Collectors.joining(", "))
        + (slot.nanForNull() ? ", NULL as NaN" : "");
  }

  private static String output(OutputSlot slot) {
    return slot.output() + " -> " + slot.type().sql() + (slot.perRow() ? "" : ", the same for all");
  }

  private static String batches(BoundCall call, OnnxConf settings) {
    if (call.rowByRow()) {
      return "1 row a run, since the model fixes its batch at 1";
    }
    return "up to "
        + settings.batchSize(call.options())
        + " rows a run and "
        + (TaskCalls.TARGET_BYTES >> 20)
        + " MiB a batch of rows, "
        + (call.coupled() ? "which influence each other" : "each row for itself")
        + groups(call, settings)
        + threads(call.options());
  }

  private static String threads(CallOptions options) {
    return options.threads() == CallOptions.TASK ? "" : ", threads a task: " + options.threads();
  }

  private static String groups(BoundCall call, OnnxConf settings) {
    if (settings.pads(call)) {
      return ", padded under " + call.mask() + " to 8, 16, 24, … and grouped by length";
    }
    boolean open = call.inputs().stream().anyMatch(slot -> slot.rowSize() == InputSlot.OPEN);
    return open ? ", grouped by shape" : "";
  }
}
