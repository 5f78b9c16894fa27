package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.Batching;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Fits arguments to one input: the types of columns to elements, their nesting to the shape. */
final class InputBinder {
  private final Batching batching;
  private final Set<String> outputs;
  private final CallOptions options;
  private final boolean nanForNull;
  private final Problems problems;

  /**
   * @param outputs names of the model's outputs
   * @param nanForNull whether NULL becomes NaN in inputs of floating-point numbers
   */
  InputBinder(
      Batching batching,
      Set<String> outputs,
      CallOptions options,
      boolean nanForNull,
      Problems problems) {
    this.batching = batching;
    this.outputs = outputs;
    this.options = options;
    this.nanForNull = nanForNull;
    this.problems = problems;
  }

  /**
   * The slot of an input, or null where its arguments cannot fill it, which is then a problem.
   *
   * @param first index of the first argument in the call
   */
  InputSlot bind(Port port, int first, List<Expression> arguments) {
    if (!(port.type() instanceof TensorType tensor)) {
      signature(port, "is no tensor; columns can fill tensors only");
      return null;
    }
    if (!ElementTypes.isSupported(tensor.element())) {
      signature(
          port,
          "has the element type "
              + tensor.element()
              + ", which no column fills; let the model take another type and cast it");
      return null;
    }
    List<Integer> rowDims = rowDims(port, tensor.shape());
    if (rowDims == null) {
      return null;
    }
    InputSlot slot =
        new InputSlot(
            port.name(),
            tensor.element(),
            rowDims,
            first,
            arguments.size(),
            outputs.contains(port.name()),
            nanForNull && isFloat(tensor.element()),
            InputSlot.NONE);
    for (Expression argument : arguments) {
      String problem = problem(slot, argument.dataType());
      if (problem != null) {
        problems.add(
            OnnxCondition.ONNX_ARGUMENT_TYPE,
            "argument " + argument.sql() + " for input " + port.name() + " " + problem);
      }
    }
    checkCount(slot);
    return slot;
  }

  /** Whether elements of this type can be NaN. */
  static boolean isFloat(ElementType element) {
    return switch (element) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
      default -> false;
    };
  }

  private void signature(Port port, String problem) {
    problems.add(OnnxCondition.ONNX_SIGNATURE, "input " + port + " " + problem);
  }

  private List<Integer> rowDims(Port port, Shape shape) {
    if (!shape.hasRank()) {
      signature(port, "has no known rank");
      return null;
    }
    if (batching.kind() == Batching.Kind.ROWS) {
      Integer axis = batching.inputAxes().get(port.name());
      if (axis == null) {
        signature(port, "is the same for all rows of a run, a column is not");
        return null;
      }
      if (axis != 0) {
        signature(
            port, "has its rows along axis " + axis + "; " + options.function() + " needs axis 0");
        return null;
      }
    }
    if (batching.kind() == Batching.Kind.FIXED && (shape.rank() == 0 || !shape.dim(0).is(1))) {
      signature(port, "has a fixed size that is not one row: " + batching.reason());
      return null;
    }
    if (shape.rank() == 0) {
      signature(port, "has no axis that counts rows");
      return null;
    }
    return shape.dims().subList(1, shape.rank()).stream().map(InputBinder::size).toList();
  }

  private static int size(Dim dim) {
    return dim.isConstant() ? Math.toIntExact(dim.value()) : InputSlot.OPEN;
  }

  private void checkCount(InputSlot slot) {
    boolean open = slot.rowDims().size() == 1 && slot.rowDims().get(0) == InputSlot.OPEN;
    if (slot.arguments() > 1 && slot.rowSize() != slot.arguments() && !open) {
      problems.add(
          OnnxCondition.ONNX_ARGUMENTS,
          "input "
              + slot.input()
              + " takes "
              + values(slot)
              + " a row, as one array or as columns, but "
              + slot.arguments()
              + " columns are given");
    }
  }

  /** Why a column of this type cannot fill the slot, or null. */
  private static String problem(InputSlot slot, DataType type) {
    ArgumentForm form = ArgumentForm.of(type);
    if (form == ArgumentForm.BYTES) {
      return bytesProblem(slot, type);
    }
    DataType element =
        form == ArgumentForm.VECTOR ? DataTypes.DoubleType : ElementTypes.innermost(type);
    if (!ElementTypes.fits(element, slot.element())) {
      return form == ArgumentForm.VECTOR
          ? "is a vector of doubles; write vector_to_array(…) and cast it to array<"
              + ElementTypes.sqlName(slot.element())
              + ">"
          : ElementTypes.remedy(type, slot.element());
    }
    if (form == ArgumentForm.VALUE) {
      return valueProblem(slot);
    }
    if (slot.arguments() > 1) {
      return "is "
          + (form == ArgumentForm.VECTOR ? "a vector" : "an array")
          + " among "
          + slot.arguments()
          + " columns that are put together; give one array or only numbers";
    }
    int depth = form == ArgumentForm.VECTOR ? 1 : ElementTypes.depth(type);
    int rank = slot.rowDims().size();
    boolean flat = depth == 1 && (slot.rowSize() != InputSlot.OPEN || rank == 0);
    return depth == rank || flat
        ? null
        : "has " + depth + " nested arrays, but a row has " + rank + " dimensions";
  }

  private static String valueProblem(InputSlot slot) {
    boolean single = slot.rowDims().stream().allMatch(dim -> dim == 1 || dim == InputSlot.OPEN);
    return slot.arguments() > 1 || single
        ? null
        : "is one value, but a row takes " + values(slot) + "; give an array or that many columns";
  }

  private static String bytesProblem(InputSlot slot, DataType type) {
    if (slot.element() == ElementType.STRING) {
      return ElementTypes.remedy(type, slot.element());
    }
    if (slot.arguments() > 1) {
      return "is a tensor's bytes among "
          + slot.arguments()
          + " columns that are put together; give it alone";
    }
    long open = slot.rowDims().stream().filter(dim -> dim == InputSlot.OPEN).count();
    return open > 1
        ? "is a tensor's bytes, which cannot say the "
            + open
            + " dimensions that the model leaves open; give nested arrays"
        : null;
  }

  private static String values(InputSlot slot) {
    if (slot.rowSize() != InputSlot.OPEN && slot.arguments() > 1) {
      return slot.rowSize() + (slot.rowSize() == 1 ? " value" : " values");
    }
    return slot.rowDims().stream()
            .map(dim -> dim == InputSlot.OPEN ? "?" : dim.toString())
            .collect(Collectors.joining("×"))
        + " values";
  }
}
