package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.type.ValueType.TensorType;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.model.DriverModels.Analyzed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * Binds arguments to a model's inputs: separate arguments by position, the fields of one struct by
 * name. The numbers of a row may come one by one or as an array, flat or nested.
 */
final class CallBinder {
  private final Analyzed model;
  private final CallOptions options;
  private final boolean caseSensitive;
  private final boolean coupled;
  private final Batching batching;
  private final Problems problems = new Problems();
  private final InputBinder inputs;

  /**
   * @param settings of the session
   * @param caseSensitive whether the session tells names apart by case
   */
  CallBinder(Analyzed model, CallOptions options, OnnxConf settings, boolean caseSensitive) {
    this.model = model;
    this.options = options;
    this.caseSensitive = caseSensitive;
    this.coupled = model.batching().kind() == Batching.Kind.COUPLED;
    this.batching =
        coupled && options.batchCoupled()
            ? AssumedRows.of(model.signature(), model.batching())
            : model.batching();
    Set<String> outputs =
        model.signature().outputs().stream().map(Port::name).collect(Collectors.toSet());
    this.inputs =
        new InputBinder(batching, outputs, options, settings.nanForNull(options), problems);
  }

  /** A bound call and the arguments in the order of its slots. */
  record Bound(BoundCall call, List<Expression> arguments) {}

  /**
   * Raises an {@link OnnxCondition} with everything in which arguments and model do not fit. To be
   * called once.
   */
  Bound bind(List<Expression> arguments) {
    checkBatching();
    checkNanForNull();
    List<NamedArgument> named = NamedArgument.structFields(arguments);
    List<InputSlot> slots = new ArrayList<>();
    List<Expression> bound;
    if (named == null) {
      bound = arguments;
      bindByPosition(arguments, slots);
    } else {
      bound = bindByName(named, slots);
    }
    List<OutputSlot> outputs = slots(SelectedOutputs.of(model.signature(), options));
    raise();
    SequenceMask mask = mask(slots);
    slots.replaceAll(mask::mark);
    outputs = outputs.stream().map(slot -> mask.mark(slot, output(slot.output()))).toList();
    boolean rowByRow = batching.kind() == Batching.Kind.FIXED;
    BoundCall whole =
        new BoundCall(
            model.reference(), slots, outputs, false, options, coupled, rowByRow, mask.input());
    List<Integer> needed = whole.argumentsFor(outputs);
    if (outputs.size() == model.signature().outputs().size() || needed.isEmpty()) {
      return new Bound(whole, bound);
    }
    return new Bound(whole.keeping(outputs), needed.stream().map(bound::get).toList());
  }

  private void raise() {
    problems.raise(options.call(model.reference().location()), expectation());
  }

  /** Where the call's sequences may be padded; a problem where the call asks for it in vain. */
  private SequenceMask mask(List<InputSlot> slots) {
    SequenceMask mask =
        SequenceMask.of(model.signature(), model.batching(), slots, model.inputsByOutput());
    if (options.padding() == Padding.MASK && mask.problem() != null) {
      problems.add(
          OnnxCondition.ONNX_SIGNATURE,
          "padding = 'mask' is asked for, but the model's sequences cannot be padded: "
              + mask.problem());
      raise();
    }
    return mask;
  }

  private Port output(String name) {
    return model.signature().outputs().stream()
        .filter(port -> port.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<OutputSlot> slots(List<Port> ports) {
    return ports.stream().map(port -> slot(port)).filter(Objects::nonNull).toList();
  }

  /** The slot of an output, or null where it has a problem. */
  private OutputSlot slot(Port port) {
    OutputSlot slot = ResultTypes.slot(port, batching, problems);
    return slot == null ? null : slot.of(model.inputsByOutput().get(port.name()));
  }

  private void checkBatching() {
    if (batching.kind() == Batching.Kind.COUPLED) {
      problems.add(
          OnnxCondition.ONNX_SIGNATURE,
          "the rows of a batch influence each other: "
              + batching.reason()
              + "; the option batch_coupled = true accepts results that depend on the batch");
    } else if (coupled && options.lenient()) {
      problems.add(
          OnnxCondition.ONNX_SIGNATURE,
          "a bad row cannot be told from the others of its batch, since they influence each"
              + " other: "
              + batching.reason()
              + "; onnx_predict takes the option batch_coupled = true");
    }
  }

  private void checkNanForNull() {
    boolean floats =
        model.signature().inputs().stream()
            .anyMatch(
                port ->
                    port.type() instanceof TensorType tensor
                        && InputBinder.isFloat(tensor.element()));
    if (options.nullAs() == NullAs.NAN && !floats) {
      problems.add(
          OnnxCondition.ONNX_ARGUMENTS,
          "nan_for_null needs an input of floating-point numbers; the others have no NaN");
    }
  }

  private List<Expression> bindByName(List<NamedArgument> fields, List<InputSlot> slots) {
    List<Expression> bound = new ArrayList<>();
    List<NamedArgument> rest = new ArrayList<>(fields);
    for (Port port : model.signature().inputs()) {
      List<NamedArgument> matching =
          rest.stream().filter(field -> field.name().equals(port.name())).toList();
      rest.removeAll(matching);
      if (matching.size() > 1) {
        arguments("the struct has the field " + port.name() + " twice");
      } else if (!matching.isEmpty()) {
        slots.add(inputs.bind(port, bound.size(), List.of(matching.get(0).value())));
        bound.add(matching.get(0).value());
      } else {
        arguments(
            "the struct has no field " + port.name() + ", only " + NamedArgument.names(fields));
      }
    }
    for (NamedArgument field : rest) {
      arguments("the struct's field " + field.name() + " is no input of the model");
    }
    return bound;
  }

  private void bindByPosition(List<Expression> arguments, List<InputSlot> slots) {
    List<Port> ports = model.signature().inputs();
    if (arguments.size() == ports.size()) {
      checkOrder(ports, arguments);
      for (int i = 0; i < arguments.size(); i++) {
        slots.add(inputs.bind(ports.get(i), i, arguments.subList(i, i + 1)));
      }
      return;
    }
    if (ports.size() == 1 && arguments.size() > 1) {
      slots.add(inputs.bind(ports.get(0), 0, arguments));
      return;
    }
    arguments(
        ports.size()
            + " arguments are expected after the model, "
            + arguments.size()
            + (arguments.size() == 1 ? " is" : " are")
            + " given");
  }

  private void checkOrder(List<Port> ports, List<Expression> arguments) {
    List<String> given = arguments.stream().map(NamedArgument::nameOf).toList();
    if (isAnotherOrder(ports.stream().map(Port::name).toList(), given)) {
      arguments(
          "arguments bind by position, but the columns "
              + String.join(", ", given)
              + " carry the inputs' names in another order; write them in the model's order or as"
              + " named_struct('"
              + given.get(0)
              + "', "
              + given.get(0)
              + ", …)");
    }
  }

  /** Whether names are those of the inputs, as the session tells names apart, in another order. */
  private boolean isAnotherOrder(List<String> inputs, List<String> given) {
    List<String> expected = inputs.stream().map(this::folded).toList();
    List<String> names = given.stream().map(this::folded).toList();
    boolean ambiguous = expected.stream().distinct().count() < expected.size();
    if (ambiguous && !caseSensitive) {
      expected = inputs;
      names = given;
    }
    return expected.containsAll(names)
        && !names.equals(expected)
        && names.stream().distinct().count() > 1;
  }

  private String folded(String name) {
    return caseSensitive ? name : name.toLowerCase(Locale.ROOT);
  }

  private void arguments(String problem) {
    problems.add(OnnxCondition.ONNX_ARGUMENTS, problem);
  }

  private String expectation() {
    return "the model takes "
        + ports(model.signature().inputs())
        + " and gives "
        + ports(model.signature().outputs());
  }

  private static String ports(List<Port> ports) {
    return ports.stream().map(Port::toString).collect(Collectors.joining(", "));
  }
}
