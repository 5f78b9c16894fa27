package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType.TensorType;
import io.sparkonnx.spark.model.DriverModels.Analyzed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;

/**
 * Binds arguments to a model's inputs: separate arguments by position, the fields of one struct by
 * name. The numbers of a row may come one by one or as an array, flat or nested.
 */
final class CallBinder {
  private final Analyzed model;
  private final CallOptions options;
  private final boolean coupled;
  private final Batching batching;

  CallBinder(Analyzed model, CallOptions options) {
    this.model = model;
    this.options = options;
    this.coupled = model.batching().kind() == Batching.Kind.COUPLED;
    this.batching =
        coupled && options.batchCoupled()
            ? AssumedRows.of(model.signature(), model.batching())
            : model.batching();
  }

  /** A bound call and the arguments in the order of its slots. */
  record Bound(BoundCall call, List<Expression> arguments) {}

  /** Raises an {@link OnnxCondition} where arguments and model do not fit. */
  Bound bind(List<Expression> arguments) {
    checkBatching();
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
    boolean rowByRow = batching.kind() == Batching.Kind.FIXED;
    BoundCall whole =
        new BoundCall(model.reference(), slots, outputs, false, options, coupled, rowByRow);
    List<Integer> needed = whole.argumentsFor(outputs);
    if (outputs.size() == model.signature().outputs().size() || needed.isEmpty()) {
      return new Bound(whole, bound);
    }
    return new Bound(whole.keeping(outputs), needed.stream().map(bound::get).toList());
  }

  private List<OutputSlot> slots(List<Port> ports) {
    return ports.stream()
        .map(port -> ResultTypes.slot(port, batching).of(model.inputsByOutput().get(port.name())))
        .toList();
  }

  private void checkBatching() {
    if (batching.kind() == Batching.Kind.COUPLED) {
      throw OnnxCondition.ONNX_SIGNATURE.raise(
          prefix()
              + "the rows of a batch influence each other: "
              + batching.reason()
              + "; the option batch_coupled = true accepts results that depend on the batch");
    }
    if (coupled && options.lenient()) {
      throw OnnxCondition.ONNX_SIGNATURE.raise(
          prefix()
              + "a bad row cannot be told from the others of its batch, since they influence each"
              + " other: "
              + batching.reason()
              + "; onnx_predict takes the option batch_coupled = true");
    }
    if (batching.kind() == Batching.Kind.FIXED) {
      for (Port port : model.signature().inputs()) {
        Shape shape = tensor(port).shape();
        if (!shape.hasRank() || shape.rank() == 0 || !shape.dim(0).is(1)) {
          throw OnnxCondition.ONNX_SIGNATURE.raise(
              prefix()
                  + "input "
                  + port
                  + " has a fixed size that is not one row: "
                  + batching.reason());
        }
      }
    }
  }

  private List<Expression> bindByName(List<NamedArgument> fields, List<InputSlot> slots) {
    List<Expression> bound = new ArrayList<>();
    List<NamedArgument> rest = new ArrayList<>(fields);
    for (Port port : model.signature().inputs()) {
      List<NamedArgument> matching =
          rest.stream().filter(field -> field.name().equals(port.name())).toList();
      if (matching.size() > 1) {
        throw arguments("the struct has the field " + port.name() + " twice");
      }
      if (!matching.isEmpty()) {
        rest.removeAll(matching);
        slots.add(slot(port, bound.size(), List.of(matching.get(0).value())));
        bound.add(matching.get(0).value());
      } else if (!port.optional()) {
        throw arguments(
            "the struct has no field " + port.name() + ", only " + NamedArgument.names(fields));
      }
    }
    if (!rest.isEmpty()) {
      throw arguments("the struct's field " + rest.get(0).name() + " is no input of the model");
    }
    return bound;
  }

  private void bindByPosition(List<Expression> arguments, List<InputSlot> slots) {
    List<Port> ports = model.signature().inputs();
    List<Port> required = ports.stream().filter(port -> !port.optional()).toList();
    if (arguments.size() == ports.size() || arguments.size() == required.size()) {
      List<Port> filled = arguments.size() == ports.size() ? ports : required;
      checkOrder(filled, arguments);
      for (int i = 0; i < arguments.size(); i++) {
        slots.add(slot(filled.get(i), i, arguments.subList(i, i + 1)));
      }
      return;
    }
    List<Port> filled = required.isEmpty() ? ports : required;
    if (filled.size() == 1 && arguments.size() > 1) {
      slots.add(slot(filled.get(0), 0, arguments));
      return;
    }
    String expected =
        required.size() == ports.size()
            ? String.valueOf(ports.size())
            : required.size() + " or " + ports.size();
    throw arguments(
        expected
            + " arguments are expected after the model, "
            + arguments.size()
            + (arguments.size() == 1 ? " is" : " are")
            + " given");
  }

  private void checkOrder(List<Port> ports, List<Expression> arguments) {
    List<String> expected = ports.stream().map(Port::name).toList();
    List<String> given = arguments.stream().map(NamedArgument::nameOf).toList();
    boolean allAreInputs = given.stream().allMatch(expected::contains);
    if (allAreInputs && !given.equals(expected) && given.stream().distinct().count() > 1) {
      throw arguments(
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

  private InputSlot slot(Port port, int first, List<Expression> arguments) {
    TensorType tensor = tensor(port);
    if (!ElementTypes.isSupported(tensor.element())) {
      throw OnnxCondition.ONNX_SIGNATURE.raise(
          prefix() + "input " + port + " has an element type that no column has");
    }
    List<Integer> rowDims = rowDims(port, tensor.shape());
    InputSlot slot = new InputSlot(port.name(), tensor.element(), rowDims, first, arguments.size());
    for (Expression argument : arguments) {
      checkType(port, slot, argument);
    }
    boolean open = rowDims.size() == 1 && rowDims.get(0) == InputSlot.OPEN;
    if (arguments.size() > 1 && slot.rowSize() != arguments.size() && !open) {
      throw arguments(
          "input "
              + port.name()
              + " takes "
              + slot.rowSize()
              + " values a row, as one array or as columns, but "
              + arguments.size()
              + " columns are given");
    }
    return slot;
  }

  private TensorType tensor(Port port) {
    if (port.type() instanceof TensorType tensor) {
      return tensor;
    }
    throw OnnxCondition.ONNX_SIGNATURE.raise(
        prefix() + "input " + port + " is no tensor; columns can fill tensors only");
  }

  private List<Integer> rowDims(Port port, Shape shape) {
    if (batching.kind() == Batching.Kind.ROWS) {
      Integer axis = batching.inputAxes().get(port.name());
      if (axis == null) {
        throw OnnxCondition.ONNX_SIGNATURE.raise(
            prefix() + "input " + port + " is the same for all rows of a run, a column is not");
      }
      if (axis != 0) {
        throw OnnxCondition.ONNX_SIGNATURE.raise(
            prefix()
                + "input "
                + port
                + " has its rows along axis "
                + axis
                + "; "
                + options.function()
                + " needs axis 0");
      }
    }
    return shape.dims().subList(1, shape.rank()).stream().map(CallBinder::size).toList();
  }

  private static int size(Dim dim) {
    return dim.isConstant() ? Math.toIntExact(dim.value()) : InputSlot.OPEN;
  }

  private void checkType(Port port, InputSlot slot, Expression argument) {
    DataType type = argument.dataType();
    if (!ElementTypes.fits(ElementTypes.innermost(type), slot.element())) {
      throw type(
          port,
          argument,
          "has type "
              + type.sql()
              + " and must be cast to "
              + ElementTypes.sqlName(slot.element()));
    }
    int depth = ElementTypes.depth(type);
    if (slot.arguments() > 1 && depth > 0) {
      throw type(
          port,
          argument,
          "is an array among "
              + slot.arguments()
              + " columns that are put together; give one array or only numbers");
    }
    boolean single = slot.rowDims().stream().allMatch(dim -> dim == 1 || dim == InputSlot.OPEN);
    if (depth == 0 && slot.arguments() == 1 && !single) {
      throw type(
          port,
          argument,
          "is one value, but a row takes "
              + slot.rowDims().stream()
                  .map(d -> d == InputSlot.OPEN ? "?" : d.toString())
                  .collect(Collectors.joining("×"))
              + " values; give an array or that many columns");
    }
    int rank = slot.rowDims().size();
    boolean flat = depth == 1 && (slot.rowSize() != InputSlot.OPEN || rank == 0);
    if (depth > 0 && depth != rank && !flat) {
      throw type(
          port, argument, "has " + depth + " nested arrays, but a row has " + rank + " dimensions");
    }
  }

  private RuntimeException type(Port port, Expression argument, String problem) {
    return OnnxCondition.ONNX_ARGUMENT_TYPE.raise(
        prefix()
            + "argument "
            + argument.sql()
            + " for input "
            + port.name()
            + " "
            + problem
            + "; "
            + expectation());
  }

  private RuntimeException arguments(String problem) {
    return OnnxCondition.ONNX_ARGUMENTS.raise(prefix() + problem + "; " + expectation());
  }

  private String prefix() {
    return options.function() + "('" + model.reference().location() + "'): ";
  }

  private String expectation() {
    return "the model takes "
        + model.signature().inputs().stream().map(Port::toString).collect(Collectors.joining(", "));
  }
}
