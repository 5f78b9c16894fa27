package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueType;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks a run's inputs against the signature and binds the symbolic dimensions. */
final class InputBinder {
  private static final long UNBOUND = -1;

  private final Plan plan;

  InputBinder(Plan plan) {
    this.plan = plan;
  }

  /**
   * The inputs in the order of {@link Plan#inputs}, the model's default where an optional one is
   * not given; null for one that no step reads.
   */
  OnnxValue[] order(Map<String, ? extends OnnxValue> inputs) {
    List<String> problems = new ArrayList<>();
    OnnxValue[] ordered = new OnnxValue[plan.inputs().length];
    for (int i = 0; i < ordered.length; i++) {
      Slot slot = plan.slots().get(plan.inputs()[i]);
      OnnxValue given = inputs.get(slot.name());
      ordered[i] = given == null ? slot.constant() : given;
      if (ordered[i] == null && !plan.signature().inputs().get(i).optional()) {
        problems.add("input '" + slot.name() + "' is missing");
      }
    }
    List<String> known = plan.signature().inputs().stream().map(Port::name).toList();
    for (String name : inputs.keySet()) {
      if (!known.contains(name)) {
        problems.add("there is no input '" + name + "'");
      }
    }
    if (!problems.isEmpty()) {
      throw invalid(String.join("; ", problems) + "; the model takes " + plan.signature().inputs());
    }
    return ordered;
  }

  /** Binds every symbol from the inputs' shapes. */
  Binding bind(OnnxValue[] inputs) {
    long[] values = new long[plan.symbols().size()];
    Arrays.fill(values, UNBOUND);
    String[] boundBy = new String[values.length];
    for (int i = 0; i < inputs.length; i++) {
      Slot slot = plan.slots().get(plan.inputs()[i]);
      if (inputs[i] == null) {
        continue;
      }
      bind(slot.name(), slot.info().type(), inputs[i], values, boundBy);
    }
    return new Binding(plan.symbols(), values);
  }

  private void bind(
      String name, ValueType declared, OnnxValue value, long[] values, String[] boundBy) {
    if (!(declared instanceof TensorType type)) {
      return;
    }
    if (!(value instanceof Tensor tensor) || tensor.type() != type.element()) {
      throw invalid("input '" + name + "' is " + ValueType.of(value) + ", expected " + declared);
    }
    Shape shape = type.shape();
    if (!shape.hasRank()) {
      return;
    }
    boolean fits = shape.rank() == tensor.rank();
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      Dim dim = shape.dim(axis);
      int actual = tensor.dim(axis);
      if (dim.isConstant()) {
        fits = dim.is(actual);
        continue;
      }
      int symbol = plan.symbols().indexOf(dim.symbolName());
      if (values[symbol] != UNBOUND && values[symbol] != actual) {
        throw invalid(
            String.format(
                Locale.ROOT,
                "input '%s' has %s = %d but input '%s' has %d",
                name,
                dim,
                actual,
                boundBy[symbol],
                values[symbol]));
      }
      values[symbol] = actual;
      boundBy[symbol] = name;
    }
    if (!fits) {
      throw invalid("input '" + name + "' is " + tensor + ", expected " + declared);
    }
  }

  private static OnnxException invalid(String message) {
    return new OnnxException(OnnxException.Code.INVALID_INPUT, message);
  }
}
