package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a model's sequences may be padded: it has an input that says which elements count, by a
 * name that is known to mean that, and its length is the only dimension that rows may differ in.
 * What depends on a sequence must depend on the mask too; that masked elements then change nothing
 * is the model's promise.
 *
 * @param input name of the mask, or null where sequences cannot be padded
 * @param symbol the dimension that is padded
 * @param problem why sequences cannot be padded, or null
 */
record SequenceMask(String input, String symbol, String problem) {
  /** Inputs that hold 1 for elements that count and 0 for padding. */
  private static final Set<String> NAMES = Set.of("attention_mask", "input_mask");

  /**
   * @param slots the inputs that a call fills
   * @param inputsByOutput for each output the inputs that it depends on
   */
  static SequenceMask of(
      Signature signature,
      Batching batching,
      List<InputSlot> slots,
      Map<String, Set<String>> inputsByOutput) {
    if (!batching.rowsAreIndependent()) {
      return none("its rows do not run together");
    }
    List<Port> filled =
        signature.inputs().stream()
            .filter(port -> slots.stream().anyMatch(slot -> slot.input().equals(port.name())))
            .toList();
    Port mask = filled.stream().filter(SequenceMask::isMask).findFirst().orElse(null);
    if (mask == null) {
      return none("it has no numeric input attention_mask or input_mask [rows, length]");
    }
    String symbol = dims(mask).get(1).symbolName();
    for (Port input : filled) {
      String problem = inputProblem(input, symbol, slots);
      if (problem != null) {
        return none("input " + input + " " + problem);
      }
    }
    for (Port output : signature.outputs()) {
      String problem = outputProblem(output, symbol, batching);
      boolean masked = inputsByOutput.get(output.name()).contains(mask.name());
      if (!masked || problem != null) {
        return none("output " + output + (masked ? problem : " does not depend on " + mask.name()));
      }
    }
    return new SequenceMask(mask.name(), symbol, null);
  }

  private static SequenceMask none(String problem) {
    return new SequenceMask(null, null, problem);
  }

  private static boolean isMask(Port port) {
    String name = port.name().replaceFirst(":\\d+$", "");
    return NAMES.contains(name)
        && port.type() instanceof TensorType tensor
        && tensor.element() != ElementType.STRING
        && tensor.shape().rank() == 2
        && tensor.shape().dim(1).symbolName() != null;
  }

  private static List<Dim> dims(Port port) {
    return ((TensorType) port.type()).shape().dims();
  }

  private static String inputProblem(Port input, String symbol, List<InputSlot> slots) {
    List<Dim> row = dims(input).subList(1, dims(input).size());
    List<Dim> open = row.stream().filter(dim -> !dim.isConstant()).toList();
    if (open.isEmpty()) {
      return null;
    }
    if (!open.equals(List.of(Dim.symbol(symbol)))) {
      return "has open dimensions beside " + symbol;
    }
    boolean together =
        slots.stream().anyMatch(slot -> slot.input().equals(input.name()) && slot.arguments() > 1);
    if (together) {
      return "is put together from columns";
    }
    return ((TensorType) input.type()).element() == ElementType.STRING
        ? "holds strings, which have no zero"
        : null;
  }

  private static String outputProblem(Port output, String symbol, Batching batching) {
    if (!(output.type() instanceof TensorType tensor)) {
      return null;
    }
    List<Dim> dims = tensor.shape().dims();
    int sequences = 0;
    for (Dim dim : dims.subList(Math.min(1, dims.size()), dims.size())) {
      if (symbol.equals(dim.symbolName())) {
        sequences++;
      } else if (!dim.isConstant()) {
        return "has the open dimension " + dim + ", which may depend on " + symbol;
      }
    }
    boolean perRow = batching.outputAxes().containsKey(output.name());
    return sequences > 1 || !perRow ? "cannot be cut back to a row's own length" : null;
  }

  /** A slot with its sequence, where its rows have one. */
  InputSlot mark(InputSlot slot) {
    int axis = input == null ? InputSlot.NONE : slot.rowDims().indexOf(InputSlot.OPEN);
    return axis == InputSlot.NONE ? slot : slot.along(axis);
  }

  /** A slot of an output with its sequence, where its rows have one. */
  OutputSlot mark(OutputSlot slot, Port output) {
    if (input == null || !(output.type() instanceof TensorType tensor)) {
      return slot;
    }
    int axis = tensor.shape().dims().indexOf(Dim.symbol(symbol));
    return axis < 1 ? slot : slot.along(axis - 1);
  }
}
